//! What may take the server.

use rand::{Rng, RngExt};

/// Where in its output the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The first line.
    Greeting,
    /// The beginning of an answer, up to its literal if it has one.
    Answer,
    /// `{123}` and the end of its line.
    Announcement,
    /// The bytes of a literal.
    Literal,
    /// What closes an answer that had a literal.
    Closing,
    /// Between two answers.
    Between,
    /// The line that ends a command.
    Tag,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Greeting,
        Self::Answer,
        Self::Announcement,
        Self::Literal,
        Self::Closing,
        Self::Between,
        Self::Tag,
    ];
}

/// A misbehaviour, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whim {
    /// Hangs up after so many bytes of the next output of this class.
    Drop(Class, usize),
    /// Falls silent there, and the line stays open.
    Stall(Class, usize),
    /// States this size for every mail of one answer.
    Size(u32),
    /// Gives the mails of one answer backwards.
    Backwards,
    /// Tells other news between the mails of one answer: EXISTS, RECENT, flags, a mail that was removed.
    News,
    /// Somebody removes the first mail that is asked for, just before its bytes are given.
    Expunge,
    /// Renumbers the folder when the next client opens it.
    RenumberBefore,
    /// Renumbers the folder in the middle of a command, and says so.
    RenumberAmidst,
    /// Says NO to the next command that begins so.
    No(&'static str),
    /// Says BAD to it.
    Bad(&'static str),
    /// Announces a literal of so many bytes in the place of a mail, and goes on sending as if.
    Announce(u64),
    /// Announces it behind a sentence.
    AnnounceInSentence(u64),
    /// Says something that is no IMAP.
    Garbage,
    /// A line without end.
    EndlessLine,
    /// Gives each mail of one answer twice.
    Twice,
    /// Gives a mail that nobody asked for, too.
    Unasked,
    /// Gives nothing in the place of the bytes.
    Nil,
    /// Leaves the first mail out of one answer.
    Omit,
    /// Says goodbye in the place of an answer.
    Bye,
    /// Sends this many bytes whatever piece is asked for.
    Overdeliver(usize),
}

/// What happens each time that somebody asks for the bytes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The command is refused.
    Refused,
    /// The answer is no IMAP.
    Garbage,
    /// A literal of so many bytes is announced.
    Announces(u64),
    /// There is no answer about it.
    Silence,
    /// It has no bytes.
    Nil,
}

impl Whim {
    /// Commands that a client gives when it reads mail.
    const COMMANDS: [&str; 7] = ["LOGIN", "CAPABILITY", "SELECT", "UID SEARCH", "UID FETCH", "IDLE", "NOOP"];

    /// One of them all, but for the one that nobody can see through: other bytes than the mail has.
    pub fn any(random: &mut impl Rng) -> Self {
        let class = Class::ALL[random.random_range(0..Class::ALL.len())];
        let after = random.random_range(0..40);
        let command = Self::COMMANDS[random.random_range(0..Self::COMMANDS.len())];
        match random.random_range(0..23) {
            0..5 => Self::Drop(class, after),
            5 => Self::Stall(class, after),
            6 => Self::Size([0, 1, 100_000, 3_000_000, u32::MAX][random.random_range(0..5)]),
            7 => Self::Backwards,
            8 => Self::News,
            9 => Self::Expunge,
            10 => Self::RenumberBefore,
            11 => Self::RenumberAmidst,
            12 => Self::No(command),
            13 => Self::Bad(command),
            14 => Self::Announce(1 << 30),
            15 => Self::AnnounceInSentence(1 << random.random_range(4..32)),
            16 => Self::Garbage,
            17 => Self::EndlessLine,
            18 => Self::Twice,
            19 => Self::Unasked,
            20 => Self::Nil,
            21 => Self::Omit,
            _ => Self::Bye,
        }
    }
}
