//! The line to IO: against a server that answers as a script says, every sort of answer and every sort of silence; then against
//! the stand-in, which was made apart.

mod failures;
mod management;
pub mod script;
mod sending;
mod whole;

use riscontro::{
    channel::{
        email::tls::Trust,
        io::{Institution, Io, KeyPair, Keys, Management, Patience, Service},
    },
    domain::io::{
        message::{self, Message, Typed},
        recipient::Recipient,
    },
};
use script::Script;
use std::time::Duration;
use uuid::Uuid;

/// Somebody.
const CODE: &str = "RSSMRA45C12F205C";
/// A name that IO gives to a message.
const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A line without patience: a silent server must not make the test wait.
fn io() -> Io {
    let patience = Patience { connect: Duration::from_secs(1), whole: Duration::from_secs(3) };
    Io::new(&Trust::load(None).unwrap(), patience).unwrap()
}

fn institution(script: &Script) -> Institution {
    io().institution(&script.base(), Uuid::nil(), 200).unwrap()
}

fn keys(first: &str, second: Option<&str>) -> Keys {
    Keys { first: first.to_owned().into(), second: second.map(|key| key.to_owned().into()) }
}

fn key_pair_of(pair: &KeyPair) -> Keys {
    Keys { first: pair.primary.clone(), second: Some(pair.secondary.clone()) }
}

fn service(script: &Script) -> Service {
    institution(script).service(keys("key-of-use", None))
}

fn management(script: &Script) -> Management {
    institution(script).management(keys("key-of-management", None))
}

fn recipient() -> Recipient {
    Recipient::read(CODE).unwrap()
}

fn message() -> Message {
    message::read(&Typed {
        recipient: CODE,
        subject: "La tua segnalazione è stata presa in carico",
        body: "La tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì.",
        buttons: &[("Vai alla segnalazione", "https://ente.example/s/1")],
        due_date: "12/01/2027",
        amount: "1.234,56",
        notice_number: "302000000000000017",
        invalid_after_due_date: true,
        secure: true,
    })
    .unwrap()
}
