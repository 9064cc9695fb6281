//! The story is played: letters and forms arrive, operators work, citizens write back, each at its time and all through the
//! same actions as real work. The story's clock never goes back, and only what is still to happen is kept in memory.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap, VecDeque},
};

use anyhow::{Result, ensure};
use chrono::{DateTime, Duration, Utc};
use entity::communication::{Address, Direction};
use rand::RngExt;
use uuid::Uuid;

use super::{
    Dice,
    cast::{Case, Ours},
    door::{Door, Opens},
    io::Io,
    mail::{self, Letter},
    notices::Turn,
    post::Post,
    stage::Stage,
    story::Deed,
    times,
};
use crate::{
    actions::{
        self,
        receive::{Ended, Fetched, Opened},
    },
    app::App,
    channel::email::parse::parse,
    domain::thread,
    store,
};

/// Communications of a work order that are looked through for the letter that a citizen answers.
const LOOKED_THROUGH: usize = 50;

/// The story under way.
pub(super) struct Play<'a> {
    pub(super) app: &'a App,
    pub(super) stage: Stage,
    pub(super) io: Io,
    pub(super) now: DateTime<Utc>,
    end: DateTime<Utc>,
    pub(super) post: Post,
    due: BinaryHeap<Reverse<Due>>,
    /// Turns of the notices that are still to come.
    programme: VecDeque<(DateTime<Utc>, Turn)>,
    /// The notice that comes to its end.
    pub(super) restorable: Option<Uuid>,
    /// Reports that everybody may read: work order and place.
    pub(super) showable: Vec<(Uuid, String)>,
}

/// A case whose next step has its time.
struct Due {
    at: DateTime<Utc>,
    case: Box<Case>,
}

impl<'a> Play<'a> {
    pub(super) fn new(
        app: &'a App,
        stage: Stage,
        io: Io,
        (start, end): (DateTime<Utc>, DateTime<Utc>),
        programme: Vec<(DateTime<Utc>, Turn)>,
    ) -> Self {
        Self {
            app,
            stage,
            io,
            now: start,
            end,
            post: Post::default(),
            due: BinaryHeap::new(),
            programme: programme.into(),
            restorable: None,
            showable: Vec::new(),
        }
    }

    /// Letters and forms arrive that open work orders: the letters of the hour together, then its forms one by one.
    pub(super) async fn arrive(&mut self, arrivals: Vec<(Case, Letter)>) -> Result<()> {
        let (letters, forms): (Vec<_>, Vec<_>) =
            arrivals.into_iter().partition(|(case, _)| case.door == Door::Mail);
        if !letters.is_empty() {
            self.open_letters(letters).await?;
        }
        for (mut case, letter) in forms {
            self.send(&mut case, letter.date).await?;
            self.consider(&case);
            self.schedule(case);
        }
        self.post.carry(self.app, self.now).await
    }

    async fn open_letters(&mut self, arrivals: Vec<(Case, Letter)>) -> Result<()> {
        let letters: Vec<Letter> = arrivals.iter().map(|(_, letter)| letter.clone()).collect();
        self.bring(letters).await?;
        let going_on: Vec<_> = arrivals.into_iter().filter(|(case, _)| !case.plot.steps.is_empty()).collect();
        let ids: Vec<&str> = going_on.iter().map(|(_, letter)| letter.id.as_str()).collect();
        let opened =
            store::communication::by_message_ids(&self.app.desk.db.read, self.stage.organisation, &ids)
                .await?;
        let orders: HashMap<_, _> =
            opened.into_iter().map(|one| (one.message_id, one.work_order_id)).collect();
        for (mut case, letter) in going_on {
            self.post.note(&case.sender.address, case.plot.fate);
            if let Some(order) = orders.get(&Some(letter.id)) {
                case.order = *order;
                self.schedule(case);
            }
        }
        Ok(())
    }

    /// Everything that happens up to `until`.
    pub(super) async fn go_on(&mut self, until: DateTime<Utc>) -> Result<()> {
        loop {
            let step = self.due.peek().map(|Reverse(due)| due.at).filter(|at| *at <= until);
            let turn = self.programme.front().map(|(at, _)| *at).filter(|at| *at <= until);
            let Some(at) = step.into_iter().chain(turn).min() else { break };
            self.now = self.now.max(at);
            if turn == Some(at) {
                let Some((_, turn)) = self.programme.pop_front() else { break };
                self.announce(turn).await?;
            } else {
                let Some(Reverse(due)) = self.due.pop() else { break };
                self.perform(*due.case).await?;
            }
        }
        self.now = self.now.max(until);
        Ok(())
    }

    /// The last letters leave, the last operator goes. `dice`: for what belongs to no case.
    pub(super) async fn finish(mut self, dice: &mut Dice) -> Result<()> {
        self.go_on(self.end).await?;
        self.report_without_a_name(self.end, dice).await?;
        self.show_to_everybody().await?;
        self.leave_some_for_io().await?;
        self.post.carry(self.app, self.now).await?;
        self.stage.say_goodbye(self.app, self.now).await
    }

    async fn perform(&mut self, mut case: Case) -> Result<()> {
        let Some(((_, _, deed), rest)) = case.plot.steps.split_first() else { return Ok(()) };
        case.plot.steps = rest;
        let away = *deed == Deed::Away;
        if deed.at_the_desk() {
            self.work(&mut case, *deed).await?;
            if *deed == Deed::Take {
                self.tell_on_io(&case).await?;
            }
        } else if let Some(author) = case.follower.filter(|_| !away) {
            self.come_back(&mut case, *deed, author).await?;
        } else if away && case.door.opens() == Some(Opens::Never) {
            // The letter that a machine would answer is held back.
        } else if let Some(ours) = self.letter_of_ours(&case).await? {
            let answer = case.answer(*deed, self.now, &ours);
            self.bring(vec![answer]).await?;
        }
        if !matches!(deed, Deed::Take | Deed::Close | Deed::Note) {
            self.post.carry(self.app, self.now).await?;
        }
        self.schedule(case);
        Ok(())
    }

    /// Puts the next step of a case in its place; what would happen after the end does not happen.
    fn schedule(&mut self, mut case: Case) {
        let Some((from, to, deed)) = case.plot.steps.first().copied() else { return };
        let minutes = case.dice.random_range(from * 60..=to * 60) + 1;
        let at = self.now + Duration::minutes(minutes);
        let at = match deed {
            Deed::Away => at,
            _ if deed.at_the_desk() => times::at_the_desk(at, &mut case.dice),
            _ => times::awake(at, &mut case.dice),
        };
        if at <= self.end {
            self.due.push(Reverse(Due { at, case: Box::new(case) }));
        }
    }

    /// Letters come in as the porter brings them: first durable, then read, then handled.
    async fn bring(&mut self, letters: Vec<Letter>) -> Result<()> {
        let (desk, mailbox) = (&self.app.desk, &self.stage.mailbox);
        self.now = letters.iter().map(|letter| letter.date).fold(self.now, DateTime::max);
        let mut mails = HashMap::with_capacity(letters.len());
        let mut fetched = Vec::with_capacity(letters.len());
        for letter in letters {
            let raw = mail::raw(&letter, &self.stage.address)?;
            mails.insert(letter.id.clone(), parse(&raw));
            fetched.push(Fetched {
                source_key: letter.id,
                received_at: letter.date,
                imported: false,
                stays: false,
                raw,
            });
        }
        let limit = fetched.len() as u64;
        actions::receive::keep(desk, mailbox, self.now, fetched, None).await?;
        let (db, organisation) = (&desk.db.read, self.stage.organisation);
        let rows = store::incoming_mail::pending(db, organisation, mailbox.id, None, self.now, limit).await?;
        let opened: Vec<Opened> = rows
            .into_iter()
            .filter_map(|row| Some(Opened { mail: Ok(mails.remove(&row.source_key)?), row }))
            .collect();
        let ended = actions::receive::receive(desk, mailbox, self.now, &opened).await?;
        let failed = ended.iter().any(|end| matches!(end, Ended::Postponed | Ended::Quarantined));
        ensure!(!failed, "a mail of the demo could not be handled: the log says why");
        // No server has these mails: there is nobody to be told what became of them.
        let handled: Vec<_> = opened.iter().map(|opened| opened.row.id).collect();
        Ok(actions::mailbox::filed(desk, &handled).await?)
    }

    /// The newest letter to the citizen, as they have it before their eyes.
    async fn letter_of_ours(&self, case: &Case) -> Result<Option<Ours>> {
        let (desk, organisation) = (&self.app.desk, self.stage.organisation);
        let db = &desk.db.read;
        let thread = store::communication::thread(db, organisation, case.order, None, LOOKED_THROUGH).await?;
        let newest = thread.rows.into_iter().rev().find(|one| one.direction == Direction::Out);
        let Some(letter) = newest else { return Ok(None) };
        let deliveries = store::delivery::of_communications(db, organisation, &[letter.id]).await?;
        Ok(deliveries.first().map(|delivery| Ours {
            id: thread::message_id(&desk.keys, delivery.id, &self.stage.mailbox.address),
            subject: letter.subject,
            text: letter.text,
            written_at: letter.at,
            from: Address { name: letter.from_name, address: letter.from_address },
        }))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at).then(self.case.index.cmp(&other.case.index))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}
