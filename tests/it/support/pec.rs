//! A provider of certified mail: wraps letters, writes receipts, signs both with OpenSSL. Another signer than the program's own
//! code, so that the two cannot agree on the same mistake.

use std::{path::PathBuf, process::Command};

use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use tempfile::TempDir;

/// Where the provider writes from.
pub const PROVIDER: &str = "posta-certificata@pec.gestore.example";

/// The provider, its certificate and its authority.
pub struct Provider {
    folder: TempDir,
}

impl Provider {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::new(Vec::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        ca.distinguished_name.push(DnType::CommonName, "CA di prova");
        let ca_certificate = ca.self_signed(&ca_key).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut signer = CertificateParams::new(Vec::new()).unwrap();
        signer.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        signer.distinguished_name.push(DnType::CommonName, "Gestore di prova");
        signer.subject_alt_names = vec![SanType::Rfc822Name(PROVIDER.try_into().unwrap())];
        let certificate = signer.signed_by(&key, &Issuer::from_params(&ca, &ca_key)).unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        write("ca.pem", ca_certificate.pem());
        write("signer.pem", certificate.pem());
        write("key.pem", key.serialize_pem());
        Self { folder }
    }

    /// The authority's certificate.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A letter of somebody with a PEC mailbox, as it comes out of the provider. `sender`: whom the provider certifies.
    pub fn envelope(&self, inner: &[u8], sender: &str, to: &str) -> Vec<u8> {
        let id = identifier();
        let reference = header(inner, "Message-ID").unwrap_or_default();
        let certificate = daticert("posta-certificata", sender, to, "certificato", &id, &reference, "");
        let body = mixed("Questo è un messaggio di posta certificata.", Some(&certificate), Some(inner));
        self.sign(
            &format!(
                "X-Trasporto: posta-certificata\r\nX-Riferimento-Message-ID: {reference}\r\n\
                 From: \"Per conto di: {sender}\" <{PROVIDER}>\r\nReply-To: {sender}\r\nTo: {to}\r\n\
                 Subject: POSTA CERTIFICATA: {}\r\nMessage-ID: <{id}>\r\n",
                header(inner, "Subject").unwrap_or_default(),
            ),
            &body,
        )
    }

    /// An ordinary mail that came to a PEC mailbox.
    pub fn anomaly(&self, inner: &[u8], to: &str) -> Vec<u8> {
        let subject = header(inner, "Subject").unwrap_or_default();
        self.sign(
            &format!(
                "X-Trasporto: errore\r\nFrom: \"Per conto di\" <{PROVIDER}>\r\nTo: {to}\r\n\
                 Subject: ANOMALIA MESSAGGIO: {subject}\r\nMessage-ID: <{}>\r\n",
                identifier()
            ),
            &mixed("Il messaggio non è certificato.", None, Some(inner)),
        )
    }

    /// A receipt about the letter of that Message-ID. Gives it with the name that the provider gave the letter.
    pub fn receipt(&self, receipt: &Receipt<'_>) -> Vec<u8> {
        let Receipt { kind, reference, sender, to, recipient_kind, identifier, words } = receipt;
        let certificate =
            daticert(kind, sender, to, recipient_kind, identifier, &format!("<{reference}>"), words);
        self.sign(
            &format!(
                "X-Ricevuta: {kind}\r\nX-Riferimento-Message-ID: <{reference}>\r\nFrom: {PROVIDER}\r\nTo: {sender}\r\n\
                 Subject: {}: Risposta\r\nMessage-ID: <{}>\r\n",
                kind.to_uppercase(),
                self::identifier(),
            ),
            &mixed(&format!("Ricevuta: {kind}. {words}"), Some(&certificate), None),
        )
    }

    fn sign(&self, headers: &str, body: &[u8]) -> Vec<u8> {
        let path = |name: &str| self.folder.path().join(name);
        std::fs::write(path("body"), body).unwrap();
        let signed = Command::new("openssl")
            .args(["smime", "-sign", "-binary", "-md", "sha256", "-in"])
            .arg(path("body"))
            .arg("-signer")
            .arg(path("signer.pem"))
            .arg("-inkey")
            .arg(path("key.pem"))
            .output()
            .expect("openssl comes with dovecot");
        assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
        let mut raw = headers.as_bytes().to_vec();
        raw.extend(signed.stdout);
        raw
    }
}

/// What a receipt says.
#[derive(Clone, Debug)]
pub struct Receipt<'a> {
    /// `accettazione`, `avvenuta-consegna`…
    pub kind: &'a str,
    /// Message-ID of our letter.
    pub reference: &'a str,
    /// Who sent it.
    pub sender: &'a str,
    /// To whom.
    pub to: &'a str,
    /// `certificato` or `esterno`.
    pub recipient_kind: &'a str,
    /// The name that the provider gave it.
    pub identifier: &'a str,
    /// `errore-esteso`.
    pub words: &'a str,
}

/// A name that no other letter has.
pub fn identifier() -> String {
    format!("opec{}@pec.gestore.example", uuid::Uuid::now_v7().simple())
}

fn daticert(
    kind: &str,
    sender: &str,
    to: &str,
    recipient_kind: &str,
    identifier: &str,
    id: &str,
    words: &str,
) -> String {
    let escaped = id.replace('<', "&lt;").replace('>', "&gt;");
    let error = if words.is_empty() { "nessuno" } else { "altro" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<postacert tipo=\"{kind}\" errore=\"{error}\"><intestazione>\
         <mittente>{sender}</mittente><destinatari tipo=\"{recipient_kind}\">{to}</destinatari><risposte>{sender}</risposte>\
         <oggetto>Risposta</oggetto></intestazione><dati><gestore-emittente>Gestore di prova</gestore-emittente>\
         <data zona=\"+0100\"><giorno>02/03/2026</giorno><ora>09:30:00</ora></data><identificativo>{identifier}</identificativo>\
         <msgid>{escaped}</msgid><consegna>{to}</consegna><errore-esteso>{words}</errore-esteso></dati></postacert>"
    )
}

fn mixed(words: &str, certificate: Option<&str>, inner: Option<&[u8]>) -> Vec<u8> {
    let mut body = format!(
        "Content-Type: multipart/mixed; boundary=\"certificata\"\r\n\r\n--certificata\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n"
    )
    .into_bytes();
    if let Some(certificate) = certificate {
        let encoded = BASE64.encode(certificate.as_bytes());
        body.extend(
            format!(
                "--certificata\r\nContent-Type: application/xml; name=\"daticert.xml\"\r\nContent-Disposition: inline; \
                 filename=\"daticert.xml\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
            )
            .into_bytes(),
        );
    }
    if let Some(inner) = inner {
        body.extend(
            b"--certificata\r\nContent-Type: message/rfc822; name=\"postacert.eml\"\r\nContent-Disposition: attachment; \
              filename=\"postacert.eml\"\r\n\r\n",
        );
        body.extend_from_slice(inner);
        body.extend(b"\r\n");
    }
    body.extend(b"--certificata--\r\n");
    body
}

fn header(raw: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let header = text.split("\r\n\r\n").next()?.to_owned();
    header.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
}
