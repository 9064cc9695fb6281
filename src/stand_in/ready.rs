//! What is there when the stand-in starts: one institution, one service that citizens see, a few citizens. All invented.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    account::Institution,
    knobs::{Citizen, Registration, Status},
    service::{Known, Service, review},
    world::World,
};

/// Id of the institution at the gateway.
pub const INSTITUTION: &str = "01J0STAND0N0NST0TVT00N0000";
/// Name of the institution.
pub const INSTITUTION_NAME: &str = "Ambiente Valle Serena S.p.A.";
/// Code of the institution.
pub const INSTITUTION_CODE: &str = "01234567897";
/// Its manage key, primary and secondary.
pub const MANAGE_KEYS: [&str; 2] = ["chiave-manage-primaria-di-prova", "chiave-manage-secondaria-di-prova"];
/// Id of the service.
pub const SERVICE: &str = "01J0STAND0N0SERV0Z00000000";
/// Name of the service.
pub const SERVICE_NAME: &str = "Segnalazioni, suggerimenti e reclami";
/// Its use key, primary and secondary.
pub const USE_KEYS: [&str; 2] = ["chiave-servizio-primaria-di-prova", "chiave-servizio-secondaria-di-prova"];
/// The code that every service may write to, by the documentation (facts 8.1).
pub const TEST_CODE: &str = "AAAAAA00A00A000A";
/// Anna Verdi: on IO, the service is on.
pub const ON: &str = "VRDNNA80A41A000P";
/// Jonas Mair: the same, in German.
pub const ON_GERMAN: &str = "MRAJNS88C03A000U";
/// Luca Neri: on IO, the service is off.
pub const OFF: &str = "NRELCU75D12A000P";
/// Pia Bianchi: not on IO.
pub const ABSENT: &str = "BNCPIA91H55A000H";
/// Rosa Gallo: on IO, but what is sent to her fails.
pub const FAILING: &str = "GLLRSO69T50A000P";

/// Furnishes an empty world.
pub fn furnish(world: &mut World) {
    world.institutions.push(Institution::new(
        INSTITUTION,
        INSTITUTION_NAME,
        INSTITUTION_CODE,
        MANAGE_KEYS.map(str::to_owned),
    ));
    let born = world.clock.now() - TimeDelta::days(30);
    let sheet = sheet();
    let mut service = Service::new(SERVICE.to_owned(), 0, sheet.clone(), born);
    service.keys = USE_KEYS.map(str::to_owned);
    service.known = Some(Known::of(&sheet));
    review::approved_long_ago(&mut service, born);
    world.services.insert(service.id.clone(), service);

    let german = Citizen { languages: vec!["de_DE".to_owned(), "it_IT".to_owned()], ..Citizen::default() };
    let failing = Citizen { fate: Some(Status::Failed), ..Citizen::new(Registration::On) };
    let lines = [
        (TEST_CODE, Citizen::new(Registration::On)),
        (ON, Citizen::new(Registration::On)),
        (ON_GERMAN, german),
        (OFF, Citizen::new(Registration::Off)),
        (ABSENT, Citizen::new(Registration::Absent)),
        (FAILING, failing),
    ];
    world.citizens.extend(lines.map(|(code, citizen)| (code.to_owned(), citizen)));
}

/// The sheet of the service, as it is written.
#[must_use]
pub fn sheet() -> Value {
    json!({
        "name": SERVICE_NAME,
        "description": "Invia segnalazioni, suggerimenti e reclami sul servizio rifiuti.\n\n\
            Tramite IO puoi:\n- ricevere aggiornamenti sulla tua segnalazione;\n- sapere quando è stata risolta.",
        "organization": { "name": INSTITUTION_NAME, "fiscal_code": INSTITUTION_CODE },
        "require_secure_channel": false,
        "authorized_recipients": [TEST_CODE],
        "authorized_cidrs": [],
        "max_allowed_payment_amount": 1_000_000,
        "metadata": {
            "scope": "LOCAL",
            "topic_id": 14,
            "privacy_url": "https://valleserena.example/privacy",
            "email": "sportello@valleserena.example",
            "web_url": "https://valleserena.example",
        },
    })
}
