//! Texts that an organisation may edit: words with placeholders in braces, which are filled in when something is told.
//!
//! A line whose placeholder has nothing to say is left out: one text serves with and without an office, a day, a link. Braces that
//! name nothing are refused when the text is saved; what is left of them when it is sent goes out as it is typed.

use std::fmt::Write;

use entity::update_rule::Occasion;

/// What may stand in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// Number of the work order.
    Number,
    /// Name of its kind.
    Kind,
    /// Day of receipt.
    Received,
    /// Day by which the answer is due.
    Due,
    /// Name of the organisation.
    Organisation,
    /// To whom it was handed.
    Office,
    /// What is asked of the citizen.
    Asked,
    /// By when.
    Until,
    /// When somebody comes.
    When,
    /// Where.
    Place,
    /// What is left for the citizen to do.
    Steps,
    /// Until when it may be contested.
    Contest,
    /// The citizen's own page.
    Link,
}

use Placeholder::{
    Asked, Contest, Due, Kind, Link, Number, Office, Organisation, Place, Received, Steps, Until, When,
};

/// All of them.
pub const ALL: [Placeholder; 13] =
    [Number, Kind, Received, Due, Organisation, Office, Asked, Until, When, Place, Steps, Contest, Link];

impl Placeholder {
    /// As it is typed between braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Number => "numero",
            Kind => "tipologia",
            Received => "ricevuta",
            Due => "entro",
            Organisation => "ente",
            Office => "ufficio",
            Asked => "richiesta",
            Until => "termine",
            When => "quando",
            Place => "dove",
            Steps => "passi",
            Contest => "contestazione",
            Link => "collegamento",
        }
    }

    /// What it becomes, for who writes a text.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Number => "numero della richiesta",
            Kind => "tipologia",
            Received => "giorno in cui è arrivata",
            Due => "giorno entro cui si risponde",
            Organisation => "nome dell'ente",
            Office => "a chi è stata inoltrata",
            Asked => "che cosa si chiede al cittadino",
            Until => "entro quando serve",
            When => "giorno e ora dell'appuntamento",
            Place => "luogo dell'appuntamento",
            Steps => "che cosa resta da fare",
            Contest => "fino a quando si può dire che non è risolta",
            Link => "pagina personale del cittadino",
        }
    }

    /// As it stands in a text.
    #[must_use]
    pub fn braced(self) -> String {
        format!("{{{}}}", self.name())
    }
}

/// The placeholders that have something to say on an occasion.
#[must_use]
pub fn of(occasion: Occasion) -> Vec<Placeholder> {
    let own: &[Placeholder] = match occasion {
        Occasion::Received | Occasion::TakenUp | Occasion::Reopened | Occasion::DeadlineMoved => &[],
        Occasion::Forwarded => &[Office],
        Occasion::InformationNeeded => &[Asked, Until],
        Occasion::Appointment => &[When, Place],
        Occasion::Resolved => &[Contest],
        Occasion::ResolvedWithSteps => &[Steps, Contest],
    };
    let mut all = vec![Number, Kind, Received, Due, Organisation, Link];
    all.splice(4..4, own.iter().copied());
    all
}

/// What operators type freely.
pub const FREE: [Placeholder; 4] = [Office, Asked, Place, Steps];

/// The placeholders that always have something to say on an occasion.
#[must_use]
pub fn always(occasion: Occasion) -> Vec<Placeholder> {
    let own = match occasion {
        Occasion::DeadlineMoved => Some(Due),
        Occasion::Forwarded => Some(Office),
        Occasion::InformationNeeded => Some(Asked),
        Occasion::Appointment => Some(When),
        Occasion::ResolvedWithSteps => Some(Steps),
        Occasion::Received | Occasion::TakenUp | Occasion::Resolved | Occasion::Reopened => None,
    };
    [Number, Kind, Received, Organisation].into_iter().chain(own).collect()
}

/// Words for placeholders.
pub type Values = Vec<(Placeholder, String)>;

/// Fills a text in. What is not among `values`, or is empty there, takes its line along.
#[must_use]
pub fn fill(text: &str, values: &Values) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if let Some(line) = fill_line(line, values) {
            let _ = writeln!(out, "{line}");
        }
    }
    tidy(&out)
}

fn fill_line(line: &str, values: &Values) -> Option<String> {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('{') {
        let Some((length, placeholder)) = named(&rest[at..]) else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        let value = values.iter().find(|(name, _)| *name == placeholder).map(|(_, value)| value.trim());
        out.push_str(&rest[..at]);
        out.push_str(value.filter(|value| !value.is_empty())?);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Some(out)
}

/// The placeholder with which `text` begins, and its length.
fn named(text: &str) -> Option<(usize, Placeholder)> {
    ALL.into_iter().find_map(|placeholder| {
        let braced = placeholder.braced();
        text.starts_with(&braced).then_some((braced.len(), placeholder))
    })
}

/// No more than one empty line in a row, where a line was left out.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

/// What is in braces and is none of the placeholders that have something to say here.
#[must_use]
pub fn unknown(text: &str, known: &[Placeholder]) -> Vec<String> {
    let known: Vec<String> = known.iter().map(|one| one.braced()).collect();
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at..];
        let end = rest.find(['}', '\n']).filter(|end| rest.as_bytes()[*end] == b'}');
        let Some(end) = end else {
            rest = &rest[1..];
            continue;
        };
        let braced = &rest[..=end];
        if !known.iter().any(|known| known == braced) && !found.iter().any(|one| one == braced) {
            found.push(braced.to_owned());
        }
        rest = &rest[end + 1..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_nothing_to_say_is_left_out() {
        let text =
            "La richiesta {numero} è da {ufficio}.\n\nScrivi entro il {termine}.\n\nVedi: {collegamento}";
        let values = vec![
            (Number, "2026/000012".to_owned()),
            (Office, "Rossi {numero} srl".to_owned()),
            (Until, " ".to_owned()),
        ];
        assert_eq!(
            fill(text, &values),
            "La richiesta 2026/000012 è da Rossi {numero} srl.",
            "and no value is filled in itself"
        );
        assert_eq!(fill("{pippo} {numero", &values), "{pippo} {numero");
        assert_eq!(fill("a\n{dove}\n\n\nb", &values), "a\n\nb");
    }

    #[test]
    fn braces_that_name_nothing_are_found() {
        assert_eq!(
            unknown("{numero} {ufficio} {Numero} {} {ufficio}", &of(Occasion::TakenUp)),
            ["{ufficio}", "{Numero}", "{}"]
        );
        assert_eq!(unknown("{ufficio} {a\nb} {", &of(Occasion::Forwarded)), Vec::<String>::new());
    }
}
