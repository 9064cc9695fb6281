//! "Da: … Inviato: … A: … Oggetto: …": the header of a letter, copied above its text, and "-----Messaggio
//! originale-----". So do Outlook and most webmails quote.
//!
//! "Da: via Roma, A: via Verdi" are a citizen's words. A header has three of its four fields, and an address or the
//! minute of sending.

use super::{
    attribution::{has_address, has_time},
    forward::between_dashes,
    line::{Kind, Line},
};

/// Most lines of a header: recipients take most of them.
const MOST_LINES: usize = 40;

/// What stands between dashes above the quoted letter.
const ORIGINAL: &[&str] = &[
    "messaggio originale",
    "original message",
    "original appointment",
    "initial header",
    "ursprungliche nachricht",
    "original-nachricht",
    "originalnachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "mensagem original",
    "oorspronkelijk bericht",
    "mesaj original",
];

/// What help desks put above what they wrote.
const ANSWER_ABOVE: &[&str] = &[
    "rispondi sopra questa riga",
    "rispondere sopra questa riga",
    "scrivi la tua risposta sopra questa riga",
    "si prega di rispondere sopra questa riga",
    "please type your reply above this line",
    "reply above this line",
];

/// A field of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    From,
    /// Time of sending, by a name that only mail programs use.
    Sent,
    /// The same by a name that people use too.
    Date,
    To,
    Subject,
    /// Copies, attachments, importance.
    Other,
}

/// Names of the fields: Italian, English, German, French, Spanish, Portuguese, Dutch, Romanian, Russian.
const FIELDS: &[(Field, &[&str])] = &[
    (Field::From, &["da", "from", "von", "de", "van", "mittente", "expediteur", "remitente", "de la", "от"]),
    (
        Field::Sent,
        &[
            "inviato",
            "inviata",
            "inviato il",
            "sent",
            "gesendet",
            "envoye",
            "envoye le",
            "enviado",
            "enviado el",
            "enviada em",
            "verzonden",
            "trimis",
            "отправлено",
        ],
    ),
    (Field::Date, &["data", "date", "datum", "fecha", "дата", "data invio"]),
    (
        Field::To,
        &["a", "to", "an", "para", "aan", "per", "pour", "destinatario", "destinatari", "catre", "кому"],
    ),
    (
        Field::Subject,
        &[
            "oggetto",
            "ogg",
            "subject",
            "betreff",
            "objet",
            "asunto",
            "assunto",
            "onderwerp",
            "subiect",
            "тема",
        ],
    ),
    (
        Field::Other,
        &[
            "cc",
            "ccn",
            "bcc",
            "kopie",
            "copia",
            "копия",
            "rispondi a",
            "reply-to",
            "priorita",
            "importanza",
            "importance",
            "allegati",
            "attachments",
        ],
    ),
];

/// The line says that all below it is what we wrote.
pub(super) fn is_answer_above(folded: &str) -> bool {
    between_dashes(folded).is_some_and(|words| ANSWER_ABOVE.contains(&words))
}

/// The heading of a quotation that begins with the first of `lines`, as the number of lines it takes.
pub(super) fn beginning(lines: &[Line<'_>], first: &str) -> Option<usize> {
    if between_dashes(first).is_some_and(|words| ORIGINAL.contains(&words)) {
        let below =
            lines.iter().skip(1).position(|line| line.kind != Kind::Blank).map_or(1, |blank| blank + 1);
        return Some(fields(&lines[below.min(lines.len())..]).map_or(1, |taken| below + taken));
    }
    matches!(field(first), Some((Field::From | Field::Sent, _))).then(|| fields(lines)).flatten()
}

/// A header inside the marks of quotation.
pub(super) fn inside_marks(lines: &[Line<'_>]) -> bool {
    let quoted = lines.iter().filter(|line| line.kind == Kind::Quoted && !line.unquoted().is_empty());
    let mut header = Header::default();
    for line in quoted.take(MOST_LINES) {
        let inside = Line { text: line.unquoted(), ..*line };
        if !header.takes(&inside.folded()) {
            break;
        }
    }
    header.is_one()
}

/// The header with which `lines` begin, as the number of lines it takes.
fn fields(lines: &[Line<'_>]) -> Option<usize> {
    let mut header = Header::default();
    let mut taken = 0;
    let mut blank = 0;
    for (at, line) in lines.iter().take(MOST_LINES).enumerate() {
        match line.kind {
            // a paragraph for each field
            Kind::Blank if blank == 0 => blank += 1,
            Kind::Own if header.takes(&line.folded()) => {
                taken = at + 1;
                blank = 0;
            }
            _ => break,
        }
    }
    header.is_one().then_some(taken)
}

/// What was found of a header.
#[derive(Default)]
struct Header {
    found: Vec<Field>,
    address: bool,
    time: bool,
    /// The last field may go on in the next line.
    open: bool,
}

impl Header {
    /// Whether a line belongs to the header.
    fn takes(&mut self, folded: &str) -> bool {
        let (field, value) = match field(folded) {
            Some((field @ (Field::From | Field::Sent), _)) if self.found.contains(&field) => return false,
            Some((field, value)) => (Some(field), value),
            // more recipients, or an address that found no room
            None if self.open && (has_address(folded) || folded.ends_with(';')) => (None, folded),
            None => return false,
        };
        if self.found.is_empty() && !matches!(field, Some(Field::From | Field::Sent)) {
            return false;
        }
        self.address |= has_address(value);
        self.time |= matches!(field, Some(Field::Sent)) && has_time(value);
        self.open = match field {
            Some(field) => matches!(field, Field::From | Field::To | Field::Other),
            None => self.open,
        };
        self.found.extend(field);
        true
    }

    fn is_one(&self) -> bool {
        let has = |field| self.found.contains(&field);
        let fields =
            [has(Field::From), has(Field::Sent) || has(Field::Date), has(Field::To), has(Field::Subject)];
        fields.iter().filter(|found| **found).count() >= 3 && (self.address || self.time)
    }
}

/// `*Da:* Anna` as its field and value.
fn field(folded: &str) -> Option<(Field, &str)> {
    let (name, value) = folded.trim_start_matches(['*', '_', ' ', '|']).split_once(':')?;
    let name = name.trim_end_matches(['*', ' ']);
    let (field, _) = FIELDS.iter().find(|(_, names)| names.contains(&name))?;
    Some((*field, value.trim_start_matches(['*', ' '])))
}

#[cfg(test)]
mod tests {
    use super::{super::line, *};

    fn taken(text: &str) -> Option<usize> {
        let lines = line::split(text);
        beginning(&lines, &lines[0].folded())
    }

    #[test]
    fn headers_as_programs_copy_them() {
        for (text, lines) in [
            (
                "Da: Anna <anna@posta.example>\nInviato: martedì 3 novembre 2026 10:00\nA: reclami@ente.example\nOggetto: TARI\n\nSalve",
                4,
            ),
            (
                "*Da:* Anna Neri\n*Inviato:* martedì 3 novembre 2026 10:00\n*A:* Ufficio reclami\n*Oggetto:* TARI",
                4,
            ),
            (
                "Da: Anna <anna@posta.example>\nData: martedì, 3 novembre 2026 alle ore 10:00\nA: X\nOggetto: TARI",
                4,
            ),
            (
                "Da: anna@posta.example\nInviato: oggi\nA: uno@ente.example;\ndue@ente.example; tre@ente.example\nCc: x\nOggetto: y",
                6,
            ),
            ("Da: anna@posta.example\n\nInviato: oggi\n\nOggetto: y\n\nSalve", 5),
            (
                "----Messaggio originale----\nDa: anna@posta.example\nData: 3-nov-2026 10.00\nA: <x@ente.example>\nOgg: TARI\n\nSalve",
                5,
            ),
            ("-----Messaggio originale-----\n\nSalve", 1),
            ("-------- Original Message --------", 1),
            ("From: Anna\nSent: Tuesday, November 3, 2026 10:00 AM\nTo: Desk", 3),
            (
                "Gesendet: Dienstag, 3. November 2026 um 10:00 Uhr\nVon: Anna\nAn: x@ente.example\nBetreff: TARI",
                4,
            ),
        ] {
            assert_eq!(taken(text), Some(lines), "{text}");
        }
    }

    #[test]
    fn a_list_of_places_and_times_is_no_header() {
        for text in [
            "Da: lunedì a venerdì\nA: partire da marzo",
            "Da: via Roma 1\nA: via Verdi 2\nData: 3/11/2026 10:30\nOggetto: ritiro del divano",
            "Da: via Roma\n\n\nA: via Verdi\nOggetto: trasloco, rispondere a anna@posta.example",
            "Oggetto: reclamo\nDa: anna@posta.example",
            "Da: anna@posta.example\nOggetto: reclamo",
            "Messaggio originale",
        ] {
            assert_eq!(taken(text), None, "{text}");
        }
    }

    #[test]
    fn the_line_of_a_help_desk() {
        assert!(is_answer_above("##- rispondi sopra questa riga -##"));
        assert!(!is_answer_above("rispondi sopra questa riga"));
    }
}
