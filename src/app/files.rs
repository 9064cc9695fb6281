//! Files of citizens on their way in, receipts on their way out: work for the processor, as much at a time as it has cores.

use std::{num::NonZero, sync::LazyLock, thread::available_parallelism};

use entity::attachment::Scan;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::App;
use crate::{
    channel::{
        photo,
        scan::{Scanner, Verdict},
        sniff::Kind,
    },
    document::{self, Letter, Receipt},
    domain::files::{MAX_BYTES, Prepared, Refusal},
};

/// Photos and scans of the whole process at one time: a photo takes a core and up to half a gigabyte.
static PHOTOS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, NonZero::get)));
/// Documents at one time: typst cannot be stopped, and shares what it remembers.
static DOCUMENTS: Semaphore = Semaphore::const_new(1);

impl App {
    /// Looks at a file that a stranger hands over: what it is, whether it may be kept, and as what. `declared` is what was said
    /// about its type, which counts for nothing.
    ///
    /// # Errors
    /// Why it is not taken, for the citizen to read.
    pub async fn take_file(&self, name: &str, declared: &str, bytes: Vec<u8>) -> Result<Prepared, Refusal> {
        if bytes.len() > MAX_BYTES {
            return Err(Refusal::TooLarge { limit: MAX_BYTES });
        }
        let prepared = prepare(name.to_owned(), bytes).await;
        let mut prepared = prepared.inspect_err(|refusal| {
            let declared: String = declared.chars().filter(char::is_ascii_graphic).take(100).collect();
            tracing::debug!(?refusal, declared, "a file was not taken");
        })?;
        prepared.scan = self.scan(&prepared.bytes).await?;
        Ok(prepared)
    }

    /// Whether the virus scanner answers; `None` when there is none.
    pub async fn try_scanner(&self) -> Option<std::result::Result<String, String>> {
        let (setting, scanner) = (&self.config.files.clamd, Scanner::of(&self.config.files.clamd)?);
        Some(match scanner.scan(b"Riscontro").await {
            Ok(_) => Ok(format!("{setting} answers")),
            Err(error) => Err(format!(
                "{setting} does not answer: {error} (files.clamd; files are kept unscanned meanwhile)"
            )),
        })
    }

    /// Asks the virus scanner, if there is one.
    async fn scan(&self, bytes: &[u8]) -> Result<Scan, Refusal> {
        let Some(scanner) = Scanner::of(&self.config.files.clamd) else { return Ok(Scan::None) };
        let verdict = scanner.scan(bytes).await;
        let outcome = match &verdict {
            Ok(Verdict::Clean) => "clean",
            Ok(Verdict::Infected) => "infected",
            Err(_) => "unreachable",
        };
        metrics::counter!("riscontro_file_scans_total", "outcome" => outcome).increment(1);
        match verdict {
            Ok(Verdict::Clean) => Ok(Scan::Clean),
            Ok(Verdict::Infected) => {
                tracing::warn!(
                    size = bytes.len(),
                    "the virus scanner has found something in a file: refused"
                );
                Err(Refusal::Infected)
            }
            Err(error) => {
                tracing::warn!(%error, "the virus scanner (files.clamd) does not answer: a file is kept without its word");
                Ok(Scan::None)
            }
        }
    }

    /// The receipt of a submission, as PDF.
    ///
    /// # Errors
    /// This program was built without PDF, or the document could not be set.
    pub async fn receipt_pdf(&self, receipt: Receipt) -> Result<Vec<u8>, document::Error> {
        set(move || document::receipt(&receipt)).await
    }

    /// A communication, as PDF.
    ///
    /// # Errors
    /// As [`App::receipt_pdf`].
    pub async fn letter_pdf(&self, letter: Letter) -> Result<Vec<u8>, document::Error> {
        set(move || document::letter(&letter)).await
    }
}

/// Sets a document, one after the other.
async fn set(
    document: impl FnOnce() -> Result<Vec<u8>, document::Error> + Send + 'static,
) -> Result<Vec<u8>, document::Error> {
    let turn = DOCUMENTS.acquire().await;
    let work = move || {
        let _turn = turn;
        document()
    };
    spawn_blocking(work).await.unwrap_or_else(|error| Err(document::Error::Broken(error.to_string())))
}

/// Everything that needs the processor. A decoder that breaks off has met a file that was made to break it.
async fn prepare(name: String, bytes: Vec<u8>) -> Result<Prepared, Refusal> {
    let turn = PHOTOS.acquire().await;
    // The turn goes with the work: a citizen who gives up takes the future away, not the thread.
    let work = move || {
        let _turn = turn;
        looked_at(&name, bytes)
    };
    spawn_blocking(work).await.unwrap_or(Err(Refusal::Damaged))
}

fn looked_at(name: &str, bytes: Vec<u8>) -> Result<Prepared, Refusal> {
    let kind = Kind::of_named(&bytes, name)?;
    let (kind, bytes, position) = match kind {
        Kind::Jpeg | Kind::Png | Kind::WebP => {
            let photo = photo::read(kind, &bytes)?;
            (photo.kind, photo.bytes, photo.position)
        }
        _ => (kind, bytes, None),
    };
    let media_type = kind.media_type().to_owned();
    Ok(Prepared { name: kind.name(name), media_type, bytes, scan: Scan::None, position })
}
