//! Ready sheets for what a waste operator tells citizens. Names and topics are those of the catalogue of IO ("Modelli di servizio";
//! "Manuale dei servizi", Service Catalogs), with which a review goes more quickly; the texts are our own.

/// A ready sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its name in addresses.
    pub code: &'static str,
    /// Name of the service, as in the catalogue.
    pub name: &'static str,
    /// Number of its topic.
    pub topic: u32,
    /// Description, in Markdown.
    pub description: &'static str,
    /// What stands on the button of the sheet that leads to the portal, where there is something to do there.
    pub button: Option<&'static str>,
    /// For whoever chooses: what it is used for.
    pub use_for: &'static str,
}

/// All ready sheets. What every desk needs comes first.
pub const ALL: [Ready; 4] = [
    Ready {
        code: "reports",
        name: "Segnalazioni, suggerimenti e reclami",
        topic: 14,
        description: "Segnala un problema della raccolta o della pulizia, fai una proposta o presenta un reclamo.\n\n\
            Tramite IO:\n\
            - sai quando la tua segnalazione è stata presa in carico e con quale numero;\n\
            - sai a quale ufficio è stata inoltrata;\n\
            - ricevi la richiesta di altre informazioni, se servono;\n\
            - conosci la data di un sopralluogo o di un intervento;\n\
            - ricevi l’esito.\n\n\
            Per iniziare basta una segnalazione: da lì in poi ti aggiorniamo noi.",
        button: Some("Invia una segnalazione"),
        use_for: "Gli aggiornamenti sulle richieste: è il servizio con cui questo programma avvisa chi ha scritto.",
    },
    Ready {
        code: "collection",
        name: "Raccolta differenziata dei rifiuti",
        topic: 4,
        description: "La raccolta porta a porta a casa tua o nella tua attività: giorni, contenitori e sacchi.\n\n\
            Tramite IO:\n\
            - sai se nella tua via la raccolta cambia giorno o salta;\n\
            - sai se la richiesta di contenitori, sacchi o tessera è stata accolta;\n\
            - ricevi il giorno della consegna o del controllo di un contenitore.\n\n\
            Ricevi solo quello che riguarda la tua utenza.",
        button: None,
        use_for: "Le variazioni della raccolta per chi abita in una via, e le richieste di contenitori e sacchi.",
    },
    Ready {
        code: "bulky",
        name: "Ritiro rifiuti ingombranti",
        topic: 4,
        description: "Il ritiro a domicilio di mobili, elettrodomestici e altri oggetti che non entrano nei contenitori.\n\n\
            Tramite IO:\n\
            - ricevi la conferma del ritiro, con giorno e luogo in cui esporre gli oggetti;\n\
            - sai se il giorno cambia;\n\
            - sai se qualcosa non si è potuto ritirare, e perché.",
        button: Some("Chiedi un ritiro"),
        use_for: "Gli appuntamenti per il ritiro a domicilio.",
    },
    Ready {
        code: "tari",
        name: "Tassa sui rifiuti (TARI)",
        topic: 4,
        description: "La tassa con cui si paga il servizio dei rifiuti, per le case e per le attività.\n\n\
            Tramite IO:\n\
            - ricevi l’avviso da pagare, con importo e scadenza, e lo paghi dall’app;\n\
            - ricevi un promemoria prima della scadenza;\n\
            - sai se la tua richiesta di rettifica o di rimborso è stata accolta;\n\
            - sai che una variazione o una cessazione è stata registrata.",
        button: None,
        use_for: "Gli avvisi di pagamento, i promemoria e l’esito delle rettifiche.",
    },
];

/// A ready sheet by its code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Ready> {
    ALL.iter().find(|ready| ready.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::sheet::{Sheet, approval, name};

    #[test]
    fn a_ready_sheet_needs_only_what_is_the_organisations_own() {
        for ready in &ALL {
            let mut sheet = Sheet {
                name: ready.name.to_owned(),
                description: ready.description.to_owned(),
                ..Sheet::default()
            };
            sheet.metadata.topic_id = Some(ready.topic);
            let missing: Vec<_> = approval(&sheet).into_iter().map(|remark| remark.field).collect();
            assert_eq!(
                missing,
                ["organization", "organization_fiscal_code", "privacy_url", "email"],
                "{}",
                ready.code
            );
            assert!(name::hints(ready.name, "Comune di Prova").is_empty(), "{}", ready.code);
            assert!(
                !ready.description.contains("gentile") && !ready.description.contains("Lei"),
                "{}",
                ready.code
            );
            assert_eq!(by_code(ready.code), Some(ready));
        }
    }
}
