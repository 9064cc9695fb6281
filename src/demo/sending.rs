//! Citizens at the portal: they send a form, by a browser or by an app, and come back by their link. Neighbours follow.

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use entity::{communication::Channel, follower, form::What, language::Language, submission::Answers};
use rand::RngExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    cast::Case,
    door::{Door, Opens},
    filling, people,
    play::Play,
    story::Deed,
};
use crate::{
    actions::{
        Cx,
        submission::{self, New, Owner, Sent},
        tracking::{self, Answer, Files, Target},
    },
    store,
};

/// Of so many rich reports one is followed by a neighbour…
const FOLLOWED: u32 = 3;
/// … and of so many neighbours one does not open the link.
const FORGETFUL: u32 = 4;

impl Play<'_> {
    /// A form is sent; the case learns its work order and its follower.
    pub(super) async fn send(&mut self, case: &mut Case, at: DateTime<Utc>) -> Result<()> {
        self.now = self.now.max(at);
        let cx = self.citizens();
        let Some((_, kind, form)) = self.stage.forms.iter().find(|(code, ..)| code == case.topic.kind) else {
            bail!("the demo has no form for {}", case.topic.kind);
        };
        let (kind, asks_files) = (*kind, form.fields.iter().any(|field| field.what == What::Files));
        let answers = filling::answers(case, form, self.now);
        let with_files = case.plot.rich && asks_files;
        let sent = match case.door {
            Door::App(_) => self.send_by_app(&cx, case, kind, answers, with_files).await?,
            _ => self.send_by_steps(&cx, case, kind, answers, with_files).await?,
        };
        let Sent::Accepted { work_order, follower } = sent else {
            bail!("a form of the demo waits: {sent:?}");
        };
        (case.order, case.follower) = (work_order.id, Some(follower.id));
        self.post.carry(self.app, self.now).await?;
        if case.door.opens() == Some(Opens::AtOnce) {
            tracking::confirm(&self.app.desk, &cx, &follower).await?;
        }
        if case.plot.rich && case.topic.kind == "disruption" && case.dice.random_ratio(1, FOLLOWED) {
            self.neighbour(&cx, case).await?;
        }
        Ok(())
    }

    async fn send_by_steps(
        &self,
        cx: &Cx,
        case: &mut Case,
        kind: Uuid,
        answers: Answers,
        with_files: bool,
    ) -> Result<Sent> {
        let desk = &self.app.desk;
        let draft = submission::begin(desk, cx, kind, Language::It, Channel::Web, "").await?;
        if with_files {
            self.hand_over(cx, case, Owner::Submission(draft.id)).await?;
        }
        submission::save(desk, cx, draft.id, answers, 4).await?;
        Ok(submission::submit(desk, cx, draft.id, "", false).await?)
    }

    async fn send_by_app(
        &self,
        cx: &Cx,
        case: &mut Case,
        kind: Uuid,
        answers: Answers,
        with_files: bool,
    ) -> Result<Sent> {
        let app_key = self.stage.app_key;
        let uploads =
            if with_files { self.hand_over(cx, case, Owner::App(app_key)).await? } else { Vec::new() };
        let new = New {
            id: Uuid::now_v7(),
            kind,
            language: Language::It,
            channel: Channel::App,
            app_key: Some(app_key),
            fingerprint: Sha256::digest(format!("{answers:?}{uploads:?}")).to_vec(),
            answers,
            uploads,
            network: String::new(),
            proven: None,
        };
        Ok(submission::send(&self.app.desk, cx, new).await?)
    }

    /// The enclosures of a case, looked at like everybody's.
    async fn hand_over(&self, cx: &Cx, case: &mut Case, owner: Owner) -> Result<Vec<Uuid>> {
        let (_, words) = case.topic.requests[case.request];
        let mut uploads = Vec::new();
        for file in case.enclosures(words) {
            let Ok(file) = self.app.take_file(&file.name, &file.media_type, file.bytes).await else {
                bail!("a file of the demo is not taken");
            };
            uploads.push(submission::add_file(&self.app.desk, cx, owner, file).await?.id);
        }
        Ok(uploads)
    }

    /// A neighbour finds the same thing and follows it.
    async fn neighbour(&self, cx: &Cx, case: &mut Case) -> Result<()> {
        let desk = &self.app.desk;
        let people::Stranger { address, .. } = people::stranger(&mut case.dice);
        tracking::follow(desk, cx, Target::WorkOrder(case.order), &address, Language::It).await?;
        let follower =
            store::follower::by_address(&desk.db.read, cx.organisation, case.order, &address).await?;
        if let Some(follower) = follower.filter(|_| !case.dice.random_ratio(1, FORGETFUL)) {
            tracking::confirm(desk, cx, &follower).await?;
        }
        Ok(())
    }

    /// The author comes back by the link, confirms if that was not done, and says something.
    pub(super) async fn come_back(&self, case: &mut Case, deed: Deed, author: Uuid) -> Result<()> {
        let (desk, cx) = (&self.app.desk, self.citizens());
        let db = &desk.db.read;
        let author = store::follower::by_id(db, cx.organisation, author).await?;
        let Some(author) = author.filter(|_| case.door.opens() != Some(Opens::Never)) else {
            return Ok(());
        };
        tracking::confirm(desk, &cx, &author).await?;
        let author = follower::Model { confirmed_at: Some(cx.now), ..author };
        tracking::seen(desk, &cx, &author).await?;
        let order = store::work_order::by_id(db, cx.organisation, case.order).await?;
        let closed = order.is_some_and(|order| order.closed_at.is_some());
        let words = case.words(deed);
        if deed == Deed::Insist && closed {
            return Ok(tracking::contest(desk, &cx, (&author, Channel::Web), &words).await?);
        }
        let answer = Answer { token: Uuid::now_v7(), words: &words, files: Files::Waiting };
        Ok(tracking::answer(desk, &cx, (&author, Channel::Web), answer).await?)
    }

    /// Nobody of the house.
    pub(super) fn citizens(&self) -> Cx {
        Cx::system(self.stage.organisation, self.now)
    }
}
