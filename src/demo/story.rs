//! How a work order's story goes on after its first letter: who does what, and how long they take.

use super::{post::Fate, topic::Flow};

/// Something that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// An operator takes the work order: assignee, kind, taxpayer if it is not sure.
    Take,
    /// An operator leaves a note.
    Note,
    /// An operator asks the citizen for what is missing.
    Ask,
    /// An operator answers, and closes.
    Answer,
    /// An operator answers for the second time, and closes.
    AnswerAgain,
    /// An operator closes without a letter.
    Close,
    /// An operator writes their part of a round of the long exchange.
    Round(usize),
    /// The citizen answers a question.
    Detail,
    /// The citizen is not content.
    Insist,
    /// The citizen is.
    Thank,
    /// The citizen's mail program says that they are away.
    Away,
    /// The citizen writes their part of a round.
    Echo(usize),
}

impl Deed {
    /// Done by an operator, in office hours.
    pub(super) fn at_the_desk(self) -> bool {
        !matches!(self, Self::Detail | Self::Insist | Self::Thank | Self::Away | Self::Echo(_))
    }
}

/// A deed, between so many and so many hours after the one before.
pub(super) type Step = (i64, i64, Deed);

use Deed::{Answer, AnswerAgain, Ask, Away, Close, Detail, Echo, Insist, Note, Round, Take, Thank};

const ANSWERED: &[Step] = &[(2, 30, Take), (20, 90, Answer)];
const NOTED: &[Step] = &[(2, 40, Take), (1, 8, Note), (24, 140, Answer)];
const THANKED: &[Step] = &[(2, 24, Take), (10, 60, Answer), (3, 40, Thank), (2, 20, Close)];
const ASKED: &[Step] = &[(2, 30, Take), (1, 30, Ask), (5, 60, Detail), (10, 80, Answer)];
const SILENT: &[Step] = &[(2, 40, Take), (1, 20, Ask)];
const REOPENED: &[Step] = &[(2, 30, Take), (20, 70, Answer), (30, 120, Insist)];
const SETTLED: &[Step] =
    &[(2, 30, Take), (20, 70, Answer), (30, 120, Insist), (4, 30, Note), (10, 60, AnswerAgain)];
const IN_HAND: &[Step] = &[(2, 50, Take), (2, 60, Note)];
const AWAY: &[Step] = &[(2, 30, Take), (20, 90, Answer), (0, 0, Away)];
const CLOSED: &[Step] = &[(2, 50, Close)];
const PROMPT: &[Step] = &[(1, 3, Take), (1, 4, Answer)];
const TAKEN: &[Step] = &[(5, 120, Take)];
const SIMPLY_CLOSED: &[Step] = &[(24, 200, Close)];
const UNTOUCHED: &[Step] = &[];

const DISPUTE: &[Step] = &[
    (2, 20, Take),
    (1, 10, Round(0)),
    (4, 24, Echo(0)),
    (3, 24, Round(1)),
    (2, 20, Echo(1)),
    (3, 24, Round(2)),
    (2, 20, Echo(2)),
    (3, 24, Round(3)),
    (12, 30, Echo(3)),
    (3, 24, Round(4)),
    (2, 20, Echo(4)),
    (3, 24, Round(5)),
    (2, 20, Echo(5)),
    (3, 24, Round(6)),
    (12, 40, Echo(6)),
    (3, 24, Round(7)),
    (2, 20, Echo(7)),
    (3, 24, Round(8)),
    (2, 20, Echo(8)),
    (24, 48, Close),
];

/// Rich stories in turn. Their number and that of the topics have no common divisor: every topic meets every story.
const DECK: [(&[Step], Fate); 20] = [
    (ANSWERED, Fate::Arrives),
    (ASKED, Fate::Arrives),
    (IN_HAND, Fate::Arrives),
    (THANKED, Fate::Arrives),
    (ANSWERED, Fate::NoMailbox),
    (REOPENED, Fate::Arrives),
    (NOTED, Fate::Arrives),
    (SILENT, Fate::Arrives),
    (ANSWERED, Fate::Arrives),
    (AWAY, Fate::Arrives),
    (SETTLED, Fate::Arrives),
    (UNTOUCHED, Fate::Arrives),
    (ASKED, Fate::Arrives),
    (ANSWERED, Fate::Full),
    (CLOSED, Fate::Arrives),
    (IN_HAND, Fate::Arrives),
    (THANKED, Fate::Arrives),
    (NOTED, Fate::Arrives),
    (SILENT, Fate::Arrives),
    (SETTLED, Fate::Arrives),
];

/// One work order in so many has the long exchange; the first one has it.
const DISPUTES: u64 = 5_000;

/// About so many stories are rich; in a demo for load the others are a letter that is closed, taken or left.
const RICH: u64 = 200;

/// What happens in the story of one work order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    /// Step after step.
    pub(super) steps: &'static [Step],
    /// What becomes of the desk's letters.
    pub(super) fate: Fate,
    /// Its letters may have HTML and enclosures.
    pub(super) rich: bool,
    /// It is the long exchange.
    pub(super) dispute: bool,
}

/// The plot of the `index`-th of `total` work orders.
pub(super) fn plot(index: u64, total: u64, flow: Flow) -> Plot {
    let stride = total.div_ceil(RICH).max(1);
    let plain = |steps| Plot { steps, fate: Fate::Arrives, rich: false, dispute: false };
    if index.is_multiple_of(DISPUTES) {
        return Plot { rich: true, dispute: true, ..plain(DISPUTE) };
    }
    match flow {
        Flow::List if index.is_multiple_of(2) => return plain(CLOSED),
        Flow::List => return plain(UNTOUCHED),
        Flow::Praise => return plain(PROMPT),
        Flow::Usual => {}
    }
    if !index.is_multiple_of(stride) {
        return plain(match index % 20 {
            0..12 => SIMPLY_CLOSED,
            12..15 => TAKEN,
            _ => UNTOUCHED,
        });
    }
    let rank = index / stride;
    // Four days before the end, so that its answer is still being tried when the story ends.
    if rank == total * 41 / 45 / stride {
        return Plot { fate: Fate::Full, rich: true, ..plain(PROMPT) };
    }
    let (steps, fate) = DECK[usize::try_from(rank % DECK.len() as u64).unwrap_or(0)];
    Plot { steps, fate, rich: true, dispute: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_work_order_grows_to_twenty_communications() {
        let plot = plot(0, 60, Flow::Usual);
        let letters = plot.steps.iter().filter(|(_, _, deed)| matches!(deed, Round(_) | Echo(_))).count();
        assert_eq!(letters + 2, 20);
    }

    #[test]
    fn a_usual_demo_is_rich_and_one_for_load_mostly_simple() {
        let rich = |total| (0..total).filter(|index| plot(*index, total, Flow::Usual).rich).count();
        assert_eq!(rich(60), 60);
        assert_eq!(rich(100_000), 200, "the long exchanges are among them");
        let troubled = |fate| (0..60).filter(|index| plot(*index, 60, Flow::Usual).fate == fate).count();
        assert!(troubled(Fate::NoMailbox) >= 2 && troubled(Fate::Full) >= 3);
    }
}
