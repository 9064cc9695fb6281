//! Whatever the order in which answers come in, and however they are batched, they end in the same threads.

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use crate::support::{
    app::TestApp,
    letter::{Letter, letter},
};

/// Citizens, and answers of each.
const CITIZENS: usize = 3;
const ANSWERS: usize = 4;

/// The letters of the conversations: each citizen's first letter, and answers that each name all the earlier ones, as mail
/// programs do.
fn conversations() -> Vec<Vec<Letter>> {
    (0..CITIZENS)
        .map(|citizen| {
            let from = format!("citizen{citizen}@libero.example");
            let mut letters = vec![letter(&from, "Reclamo")];
            for _ in 0..ANSWERS {
                let ids: Vec<String> = letters.iter().map(|one: &Letter| format!("<{}>", one.id())).collect();
                let answer = letter(&from, "Re: Reclamo")
                    .with(&format!("In-Reply-To: {}", ids[ids.len() - 1]))
                    .with(&format!("References: {}", ids.join(" ")));
                letters.push(answer);
            }
            letters
        })
        .collect()
}

#[test]
fn any_interleaving_of_replies_in_any_batches_ends_in_the_same_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig { cases: 12, ..ProptestConfig::default() });
    // Which citizen's next letter comes, which of their later letters overtakes it, and where a batch ends.
    let steps = vec((0..CITIZENS, 0..3_usize, any::<bool>()), CITIZENS * (ANSWERS + 1));
    runner
        .run(&steps, |steps| {
            let (mut waiting, mut arrived): (Vec<Vec<Letter>>, Vec<Vec<u8>>) = (conversations(), Vec::new());
            let mut batches: Vec<Vec<Vec<u8>>> = Vec::new();
            for (citizen, overtakes, ends) in steps {
                let Some(citizen) =
                    (0..CITIZENS).map(|n| (n + citizen) % CITIZENS).find(|n| !waiting[*n].is_empty())
                else {
                    break;
                };
                // The first letter is always the first: what answers a letter that never came opens a thread of its own.
                let letters = &mut waiting[citizen];
                let first = letters.len() == ANSWERS + 1;
                let at = if first { 0 } else { overtakes.min(letters.len() - 1) };
                arrived.push(letters.remove(at).raw());
                if ends {
                    batches.push(std::mem::take(&mut arrived));
                }
            }
            arrived.extend(waiting.into_iter().flatten().map(|one| one.raw()));
            batches.push(arrived);
            let mut threads = runtime.block_on(async {
                let app = TestApp::start().await;
                for batch in &batches {
                    let batch: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
                    app.mails_in(&batch).await;
                }
                app.threads().await
            });
            // The numbers follow the order of arrival; the threads do not.
            for thread in &mut threads {
                // Only the first letter is acknowledged.
                *thread = thread.split_off(thread.find(' ').unwrap_or(0)).replace(" reclami", "");
            }
            threads.sort();
            let right: Vec<String> = (0..CITIZENS)
                .map(|citizen| format!(" New:{}", format!(" citizen{citizen}").repeat(ANSWERS + 1)))
                .collect();
            prop_assert_eq!(threads, right);
            Ok(())
        })
        .unwrap();
}
