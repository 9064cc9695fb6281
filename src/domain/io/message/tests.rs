use super::*;

const BODY: &str =
    "La tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì.";

fn typed() -> Typed<'static> {
    Typed { recipient: "RSSMRA45C12F205C", subject: "La tua segnalazione", body: BODY, ..Typed::default() }
}

fn flaws(typed: Typed<'_>) -> Vec<String> {
    read(&typed)
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|flaw| format!("{}: {}", flaw.field, flaw.words))
        .collect()
}

#[test]
fn a_message_is_made_of_what_was_typed() {
    let message = read(&Typed {
        buttons: &[("Vai alla segnalazione", "https://ente.example/s/1"), ("", "")],
        due_date: "12/01/2026",
        amount: "1.234,56",
        notice_number: "302000000000000017",
        invalid_after_due_date: true,
        secure: true,
        ..typed()
    })
    .unwrap();
    assert_eq!(message.content.due_date.map(due_date::written).as_deref(), Some("2026-01-12T22:59:59Z"));
    assert_eq!(message.content.payment.as_ref().map(|payment| payment.cents), Some(123_456));
    assert_eq!((message.content.secure, message.content.cta.it.len()), (Some(true), 1));
    assert!(
        message.content.markdown().starts_with("---\nit:\n") && message.content.markdown().ends_with(BODY)
    );
    assert_eq!(check(&message.content), []);
    assert_eq!(read(&typed()).unwrap().content.secure, None);
    let hidden = read(&Typed { subject: " La tua \u{202e}segnalazione\u{0} ", ..typed() }).unwrap();
    assert_eq!(hidden.content.subject, "La tua segnalazione", "nothing that turns the direction of reading");
}

#[test]
fn everything_wrong_is_said_at_once_in_the_words_of_the_rule() {
    let all = flaws(Typed {
        recipient: "00743110157",
        subject: "Ticket 12",
        body: "Breve.",
        buttons: &[("Vai", "http://ente.example")],
        due_date: "domani",
        amount: "12.50",
        notice_number: "12",
        invalid_after_due_date: true,
        secure: false,
    });
    insta::assert_snapshot!(all.join("\n"), @"
    recipient: È un codice di 11 cifre, di un'impresa o di un ente: IO raggiunge solo le persone. Si può scrivere al legale rappresentante, con il suo codice fiscale personale.
    due_date: Scrivi la scadenza come giorno (31/12/2026) o come giorno e ora (31/12/2026 18:30).
    amount: Scrivi l'importo in euro, con la virgola prima dei centesimi: per esempio 1.234,56.
    notice_number: Il numero dell'avviso pagoPA ha 18 cifre e comincia con 0, 1, 2 o 3.
    cta: L'indirizzo del pulsante deve cominciare con https://.
    subject: Il titolo deve avere almeno 10 caratteri: ne manca 1.
    ");
    assert_eq!(flaws(Typed { invalid_after_due_date: true, ..typed() }).len(), 1);
    assert_eq!(flaws(Typed { amount: "10", ..typed() }).len(), 1);
    let undated =
        Typed { amount: "10", notice_number: "302000000000000017", invalid_after_due_date: true, ..typed() };
    assert_eq!(
        flaws(undated),
        ["due_date: Scrivi la scadenza dopo la quale l'avviso non si può più pagare."]
    );
}

#[test]
fn trap_06_the_bounds_are_those_of_io() {
    let subject = |units: usize| flaws(Typed { subject: &"a".repeat(units), ..typed() }).len();
    assert_eq!([9, 10, 120, 121].map(subject), [1, 0, 0, 1]);
    let body = |units: usize| flaws(Typed { body: &"à".repeat(units), ..typed() }).len();
    assert_eq!([79, 80, 10_000, 10_001].map(body), [1, 0, 0, 1]);
    let long = "a".repeat(9_950);
    let buttons: &[(&str, &str)] = &[("Vai", "https://ente.example")];
    assert_eq!(flaws(Typed { body: &long, buttons, ..typed() }).len(), 1, "buttons count, too");
}

#[test]
fn a_text_cannot_pass_for_buttons() {
    assert_eq!(flaws(Typed { body: &format!("---\nit: x\n---\n{BODY}"), ..typed() }).len(), 1);
    assert_eq!(flaws(Typed { subject: "La tua\nsegnalazione", ..typed() }).len(), 1);
    let buttons: &[(&str, &str)] = &[("Vai alla tua segnalazione", "https://ente.example/s/1")];
    assert_eq!(flaws(Typed { body: "", buttons, ..typed() }).len(), 1);
}
