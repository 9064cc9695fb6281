use super::*;

fn sheet() -> Sheet {
    Sheet::read(&super::super::tests::answer()).unwrap()
}

fn after(edit: impl FnOnce(&mut Sheet)) -> Sheet {
    let mut sheet = sheet();
    edit(&mut sheet);
    sheet
}

fn fields(remarks: &[Remark]) -> Vec<&'static str> {
    remarks.iter().map(|remark| remark.field).collect()
}

#[test]
fn a_complete_sheet_has_nothing_missing() {
    assert_eq!((check(&sheet()), approval(&sheet()), warnings(&sheet())), (vec![], vec![], vec![]));
}

#[test]
fn what_is_missing_is_said_in_plain_words() {
    let all = approval(&Sheet::default());
    let words: Vec<_> = all.iter().map(|remark| format!("{}: {}", remark.field, remark.words)).collect();
    insta::assert_snapshot!(words.join("\n"), @"
    name: Scrivi il nome del servizio.
    description: Scrivi la descrizione del servizio.
    organization: Scrivi il nome dell'ente.
    organization_fiscal_code: Il codice fiscale dell'ente ha 11 cifre.
    topic_id: Scegli l'argomento del servizio.
    privacy_url: Manca l'indirizzo dell'informativa sulla privacy.
    email: Manca un contatto: scrivi almeno una mail, una PEC, un telefono o una pagina di assistenza.
    ");
}

#[test]
fn each_field_has_its_rule() {
    type Edit = fn(&mut Sheet);
    let cases: [(&str, Edit); 9] = [
        ("organization_fiscal_code", |sheet| sheet.organization.fiscal_code = "0074311015X".to_owned()),
        ("authorized_recipients", |sheet| sheet.authorized_recipients.push("00743110157".to_owned())),
        ("max_allowed_payment_amount", |sheet| sheet.max_allowed_payment_amount = 10_000_000_000),
        ("cta", |sheet| sheet.metadata.cta = Some("it: x".to_owned())),
        ("privacy_url", |sheet| sheet.metadata.privacy_url = Some("ente.example/privacy".to_owned())),
        ("pec", |sheet| sheet.metadata.pec = Some("ente".to_owned())),
        ("tos_url", |sheet| sheet.metadata.tos_url = Some("https://".to_owned())),
        ("description", |sheet| sheet.description = "à".repeat(1001)),
        ("address", |sheet| sheet.metadata.address = Some("a".repeat(101))),
    ];
    for (field, edit) in cases {
        assert_eq!(fields(&approval(&after(edit))), [field]);
    }
    for (cidr, good) in [
        ("203.0.113.7", true),
        ("203.0.113.0/24", true),
        ("203.0.113.256", false),
        ("203.0.113.7/33", false),
        ("203.0.113.7/+8", false),
        ("203.0.113.7/", false),
        ("2001:db8::1", false),
    ] {
        let sheet = after(|sheet| sheet.authorized_cidrs = vec![cidr.to_owned()]);
        assert_eq!(check(&sheet).is_empty(), good, "{cidr}");
    }
}

#[test]
fn trap_17_a_sheet_open_to_every_address_is_pointed_out() {
    let of = |cidrs: &[&str]| {
        let cidrs = cidrs.iter().map(|cidr| (*cidr).to_owned()).collect();
        fields(&warnings(&after(|sheet| sheet.authorized_cidrs = cidrs)))
    };
    assert_eq!(of(&[]), ["authorized_cidrs"]);
    assert_eq!(of(&["0.0.0.0/0"]), ["authorized_cidrs"]);
    assert_eq!(of(&["203.0.113.7"]), [""; 0]);
}

#[test]
fn a_network_written_as_one_of_its_computers_is_pointed_out() {
    for (cidr, network) in [
        ("203.0.113.7/24", Some("tutta la rete 203.0.113.0/24")),
        ("198.51.101.1/23", Some("tutta la rete 198.51.100.0/23")),
        ("203.0.113.0/24", None),
        ("203.0.113.7/32", None),
        ("203.0.113.7", None),
    ] {
        let found = warnings(&after(|sheet| sheet.authorized_cidrs = vec![cidr.to_owned()]));
        assert_eq!(found.len(), usize::from(network.is_some()), "{cidr}: {found:?}");
        assert!(network.is_none_or(|network| found[0].words.contains(network)), "{found:?}");
    }
}

#[test]
fn trap_14_a_private_address_is_pointed_out() {
    let sheet = after(|sheet| sheet.authorized_cidrs = vec!["192.168.1.4".to_owned()]);
    assert_eq!(fields(&warnings(&sheet)), ["authorized_cidrs"]);
}

#[test]
fn what_a_person_reviews_is_said_beforehand() {
    assert!(human_review(None, &sheet()).is_some());
    assert_eq!(human_review(Some(&sheet()), &sheet()), None);
    let quiet = after(|sheet| {
        sheet.authorized_cidrs.push("203.0.113.9".to_owned());
        sheet.metadata.phone = None;
    });
    assert_eq!(human_review(Some(&sheet()), &quiet), None);
    let loud = after(|sheet| {
        sheet.name = "Reclami".to_owned();
        sheet.metadata.scope = Scope::National;
    });
    assert!(human_review(Some(&sheet()), &loud).unwrap().contains("il nome, l'ambito"));
}
