//! What occasions and ways are called at the desk.

use entity::{
    update_rule::{Occasion, Way},
    update_text::Medium,
};

/// What has happened: «presa in carico».
#[must_use]
pub fn occasion(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Received => "richiesta arrivata",
        Occasion::TakenUp => "presa in carico",
        Occasion::Forwarded => "inoltrata ad altri",
        Occasion::InformationNeeded => "serve un’informazione",
        Occasion::Appointment => "appuntamento",
        Occasion::DeadlineMoved => "nuova scadenza",
        Occasion::Resolved => "chiusa",
        Occasion::ResolvedWithSteps => "chiusa, resta qualcosa da fare",
        Occasion::Reopened => "riaperta",
    }
}

/// When that is.
#[must_use]
pub fn when(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Received => {
            "Quando arriva. Per posta parte la ricevuta, che ne prova la data, salvo a chi ne ha già avute di recente e ai messaggi automatici."
        }
        Occasion::TakenUp => "Quando passa a «In lavorazione».",
        Occasion::Forwarded => "Quando un operatore dice a chi è stata inoltrata.",
        Occasion::InformationNeeded => "Quando un operatore chiede qualcosa.",
        Occasion::Appointment => "Quando un operatore fissa un appuntamento.",
        Occasion::DeadlineMoved => "Quando cambia il giorno entro cui si risponde.",
        Occasion::Resolved => {
            "Quando viene chiusa. La guida di IO chiede di non scrivere se non resta niente da fare."
        }
        Occasion::ResolvedWithSteps => "Quando un operatore la chiude e dice che cosa resta da fare.",
        Occasion::Reopened => "Quando si torna a lavorarci.",
    }
}

/// By which way.
#[must_use]
pub fn way(way: Way) -> &'static str {
    match way {
        Way::Best => "il canale migliore",
        Way::Mail => "per posta elettronica",
        Way::Pec => "per PEC",
        Way::Io => "solo su IO",
        Way::MailAndIo => "per posta elettronica e su IO",
        Way::Nothing => "nessun avviso",
    }
}

/// For what a text is meant.
#[must_use]
pub fn medium(medium: Medium) -> &'static str {
    match medium {
        Medium::Mail => "Posta elettronica",
        Medium::Io => "IO",
    }
}

/// A code as it stands in addresses and names of fields: `taken_up`.
pub fn code<T: serde::Serialize>(value: T) -> String {
    let written = serde_json::to_value(value).ok();
    written.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

/// What such a code means, if it is one of ours.
pub fn read<T: serde::de::DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}
