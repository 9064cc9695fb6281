//! Topics of services (facts 9.6).

use serde_json::{Value, json};

/// By number.
pub const TOPICS: [&str; 18] = [
    "Altro",
    "Ambiente e animali",
    "Attività produttive e commercio",
    "Benessere sociale",
    "Casa e utenze",
    "Cultura, tempo libero e sport",
    "Educazione e formazione",
    "Giustizia e legge",
    "Lavori edilizi, catasto e urbanistica",
    "Mobilità e trasporti",
    "Redditi, patrimoni e fisco",
    "Servizi anagrafici e civici",
    "Servizi elettorali",
    "Sicurezza e Protezione Civile",
    "Suolo, spazi e beni pubblici",
    "Viaggi e turismo",
    "Vita lavorativa",
    "Salute",
];

/// A topic, if there is one of that number.
pub fn topic(number: f64) -> Option<Value> {
    let place = TOPICS.iter().enumerate().find(|(id, _)| same(*id, number));
    place.map(|(id, name)| json!({ "id": id, "name": name }))
}

/// All of them.
pub fn list() -> Value {
    let topics: Vec<Value> =
        TOPICS.iter().enumerate().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    json!({ "topics": topics })
}

fn same(id: usize, number: f64) -> bool {
    u32::try_from(id).is_ok_and(|id| (f64::from(id) - number).abs() < f64::EPSILON)
}
