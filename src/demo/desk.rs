//! What operators do in the story, through the same actions as the pages.

use anyhow::Result;
use entity::work_order::{Identified, Status};
use rand::RngExt;
use uuid::Uuid;

use super::{
    answers,
    cast::{self, Case},
    dispute, files,
    play::Play,
    story::Deed,
};
use crate::{
    actions::{
        Cx,
        reply::{self, Draft},
        work_order::{self, Change, Identify},
    },
    domain::mail::File,
    store,
};

/// An answer that says so has an enclosure.
const ENCLOSED: &str = "In allegato";

impl Play<'_> {
    /// An operator does something about a case.
    pub(super) async fn work(&self, case: &mut Case, deed: Deed) -> Result<()> {
        let topic = case.topic;
        match deed {
            Deed::Take => self.take(case).await,
            Deed::Note => {
                let note = case.details.told(topic.desk.note);
                Ok(reply::note(&self.app.desk, &self.cx(case), case.order, Uuid::now_v7(), &note).await?)
            }
            Deed::Ask => self.write(case, topic.desk.question, Some(Status::Waiting), Vec::new()).await,
            Deed::Answer => {
                let words = topic.desk.settling.get(case.request).copied().unwrap_or_default();
                let files = if words.contains(ENCLOSED) { vec![reckoning(case)] } else { Vec::new() };
                self.write(case, words, Some(Status::Closed), files).await
            }
            Deed::AnswerAgain => {
                let words = cast::one(answers::FINAL.as_slice(), &mut case.dice);
                self.write(case, words, Some(Status::Closed), Vec::new()).await
            }
            Deed::Round(round) => {
                self.write(case, dispute::ROUNDS[round].0, Some(Status::InProgress), Vec::new()).await
            }
            _ => {
                let change = Change { status: Some(Status::Closed), ..self.as_it_should_be(case) };
                Ok(work_order::change(&self.app.desk, &self.cx(case), case.order, change).await?)
            }
        }
    }

    async fn take(&self, case: &mut Case) -> Result<()> {
        let survey = matches!(case.topic.kind, "repair" | "disruption") && case.dice.random_bool(0.2);
        let change = Change {
            status: Some(Status::InProgress),
            survey: survey.then_some(true),
            ..self.as_it_should_be(case)
        };
        let cx = self.cx(case);
        work_order::change(&self.app.desk, &cx, case.order, change).await?;
        match case.taxpayer.clone() {
            Some(code) if case.dice.random_bool(0.7) => self.identify(&cx, case.order, &code).await,
            _ => Ok(()),
        }
    }

    /// The operator recognises the sender where the register could not.
    async fn identify(&self, cx: &Cx, order: Uuid, code: &str) -> Result<()> {
        let db = &self.app.desk.db.read;
        let order = store::work_order::by_id(db, cx.organisation, order).await?;
        let unsure =
            order.filter(|order| matches!(order.identified, Identified::Candidates | Identified::Unknown));
        let taxpayer = store::taxpayer::by_code(db, cx.organisation, code).await?;
        if let (Some(order), Some(taxpayer)) = (unsure, taxpayer) {
            let by_hand = Identify { taxpayer: taxpayer.id, add_contact: true, with_others: true };
            work_order::identify(&self.app.desk, cx, order.id, by_hand).await?;
        }
        Ok(())
    }

    async fn write(&self, case: &Case, words: &str, status: Option<Status>, files: Vec<File>) -> Result<()> {
        let seen =
            store::communication::newest(&self.app.desk.db.read, self.stage.organisation, case.order).await?;
        let draft = Draft {
            token: Uuid::now_v7(),
            seen,
            to: vec![case.sender.address.clone()],
            text: format!("Gentile {},\n\n{}\n\nCordiali saluti", case.sender.name, case.details.told(words)),
            files,
            status,
        };
        Ok(reply::reply(&self.app.desk, &self.cx(case), case.order, draft).await?)
    }

    /// Assignee and kind, as whoever knows the story would set them.
    fn as_it_should_be(&self, case: &Case) -> Change {
        Change {
            assignee: Some(self.operator_of(case)),
            kind: self.stage.kinds.get(case.topic.kind).copied(),
            ..Change::default()
        }
    }

    fn cx(&self, case: &Case) -> Cx {
        Cx { actor: self.operator_of(case), ..Cx::system(self.stage.organisation, self.now) }
    }

    /// Everybody in turn.
    fn operator_of(&self, case: &Case) -> Option<Uuid> {
        let operators = &self.stage.operators;
        let turn = usize::try_from(case.index).unwrap_or(0) % operators.len().max(1);
        operators.get(turn).copied()
    }
}

/// The enclosure of an answer that speaks of one.
fn reckoning(case: &Case) -> File {
    let lines = [
        format!("Contribuente: {}", case.sender.name),
        format!("Utenza: {}", case.details.street),
        format!("Importo ricalcolato: € {}", case.details.amount),
        "Documento di prova: dati inventati.".to_owned(),
    ];
    cast::file("Conteggio.pdf".to_owned(), "application/pdf", files::pdf("Dettaglio della pratica", &lines))
}
