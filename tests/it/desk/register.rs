//! The register of taxpayers.

use super::FIRST;
use crate::support::{app::TestApp, letter::letter};

#[tokio::test]
async fn a_register_is_imported_with_a_report_of_what_was_refused() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let csv = "nome;codice utente;codice fiscale;indirizzo;email\nVerdi Anna;UT-1;RCCMNL83S18D969H;via Roma 1;anna@libero.example\nRossi Bruno;UT-2;RCCMNL83S18D969A;;\n";
    let page =
        desk.post_files("/desk/taxpayers/import", &[], &[("file", "registro.csv", csv.as_bytes())]).await;
    let words = page.words();
    assert!(page.status < 400, "{words}");
    assert!(
        words.contains('3') && words.contains("carattere di controllo"),
        "the line and the reason: {words}"
    );
    app.mail_in(letter("anna@libero.example", "uno").raw()).await;
    assert!(desk.get(FIRST).await.words().contains("Verdi Anna"));
    for word in ["verdi", "anna", "ann%20ver"] {
        assert!(desk.get(&format!("/desk/taxpayers?q={word}")).await.words().contains("UT-1"), "{word}");
    }
    assert!(desk.get("/desk/taxpayers?q=anna%40libero.example").await.words().contains("Verdi Anna"));
}
