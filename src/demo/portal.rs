//! The portal of the demo: its texts, its rules, an app that may use it, and the anonymous report that waits for an operator.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Duration, Utc};
use entity::{
    app_key::Scope,
    communication::Channel,
    form::{Form, Need},
    language::Language,
    portal::{Admission, Anonymous},
    request_kind,
};
use uuid::Uuid;

use super::{Dice, filling, places, play::Play};
use crate::{
    actions::{
        Cx, app_key,
        portal::{self, PRIVACY},
        public_text,
        submission::{self, Sent},
    },
    app::App,
    domain::form,
    store,
};

const SLUG: &str = "valle-serena";
const COLOUR: &str = "#1f6b45";
/// A district that does not exist.
const PHONE: &str = "0999 000 100";
const APP: &str = "Valle Serena a portata di mano";
/// Requests in a minute of the app.
const PER_MINUTE: i32 = 120;

/// What the organisation has written. The other pages say what every portal says.
const TEXTS: [(&str, Language, &str); 3] = [
    (
        PRIVACY,
        Language::It,
        "## Chi tratta i tuoi dati\n\nAmbiente Valle Serena S.p.A., gestore del servizio rifiuti di Borgo Valserena.\n\n\
         ## Perché\n\nPer rispondere a quello che ci scrivi e per svolgere il servizio pubblico che ci è affidato. Non servono \
         il tuo consenso né un profilo: usiamo solo quello che scrivi nel modulo e i dati della tua utenza.\n\n\
         ## Per quanto tempo\n\nDieci anni dalla chiusura della pratica, come prevede il piano di conservazione. Le bozze non \
         inviate si cancellano dopo quattordici giorni.\n\n\
         ## I tuoi diritti\n\nPuoi chiedere di vedere, correggere o cancellare i dati, e rivolgerti al Garante per la \
         protezione dei dati personali. Scrivi a privacy@ambiente-valleserena.example.\n\n\
         *Testo di prova di un ente inventato.*",
    ),
    (
        "contacts",
        Language::It,
        "## Sportello\n\nPiazza Matteotti 1, Borgo Valserena. Da lunedì a venerdì dalle 8.30 alle 17.00.\n\n\
         ## Telefono\n\n0999 000 100, negli stessi orari. La chiamata è gratuita.\n\n\
         ## Centro di raccolta\n\nVia Vecchia Fornace 40, dal martedì al sabato dalle 8.00 alle 13.00.",
    ),
    (
        "contacts",
        Language::De,
        "## Bürgerschalter\n\nPiazza Matteotti 1, Borgo Valserena. Montag bis Freitag, 8.30–17.00 Uhr.\n\n\
         ## Telefon\n\n0999 000 100, zu denselben Zeiten. Der Anruf ist kostenlos.\n\n\
         ## Wertstoffhof\n\nVia Vecchia Fornace 40, Dienstag bis Samstag, 8.00–13.00 Uhr.",
    ),
];

/// The words of somebody without a name.
const ANONYMOUS: &str = "da ieri sera un furgone bianco scarica macerie e secchi di vernice in fondo alla strada, dietro la \
                         cabina elettrica. Non lascio il mio nome perché abito lì vicino.";
/// The report came in so long before the end: somebody should look at it.
const ANONYMOUS_BEFORE: Duration = Duration::hours(5);

/// Sets the portal up; gives the id of the app's key. The key itself is told to nobody: a demo has no app.
pub(super) async fn open(app: &App, cx: &Cx) -> Result<Uuid> {
    let desk = &app.desk;
    for (page, language, text) in TEXTS {
        let text = public_text::Form { page: page.to_owned(), language, text: text.to_owned(), seen: None };
        public_text::save(desk, cx, &text).await?;
    }
    let owner = store::organisation::by_id(&desk.db.read, cx.organisation).await?;
    let version = portal_of(app, cx.organisation).await?.version;
    let settings = portal::Form {
        name: owner.context("the demo has no organisation")?.name,
        slug: SLUG.to_owned(),
        host: String::new(),
        colour: COLOUR.to_owned(),
        phone: PHONE.to_owned(),
        admission: Admission::AtOnce,
        anonymous: Anonymous::Moderated,
        listed: true,
        contest_days: 30,
        link_days: 180,
        mailbox: None,
        version,
    };
    portal::save(desk, cx, &settings).await?;
    let version = portal_of(app, cx.organisation).await?.version;
    portal::set_open(desk, cx, version, true).await?;
    let scopes = vec![Scope::Write, Scope::Read];
    let new = app_key::New { name: APP.to_owned(), scopes, per_minute: PER_MINUTE };
    Ok(app_key::create(desk, cx, new, rand::random()).await?.row.id)
}

/// The portal's row.
pub(super) async fn portal_of(app: &App, organisation: Uuid) -> Result<entity::portal::Model> {
    store::portal::of(&app.desk.db.read, organisation).await?.context("the demo has no portal")
}

/// What citizens are asked about each published kind, by its code.
pub(super) fn forms(kinds: Vec<request_kind::Model>) -> Vec<(String, Uuid, Form)> {
    let published = kinds.into_iter().filter(|kind| kind.published);
    published
        .filter_map(|kind| {
            let form = form::of_kind(&kind)?;
            Some((kind.code, kind.id, form))
        })
        .collect()
}

impl Play<'_> {
    /// Somebody reports something and does not say who they are: it waits for an operator.
    pub(super) async fn report_without_a_name(&self, end: DateTime<Utc>, dice: &mut Dice) -> Result<()> {
        let cx = Cx::system(self.stage.organisation, end - ANONYMOUS_BEFORE);
        let nameless = |form: &Form| {
            [form.contacts.name, form.contacts.email].iter().all(|need| *need != Need::Required)
                && !form.contacts.reachable
                && form.fields.iter().any(|field| field.what == entity::form::What::Place)
        };
        let Some((_, kind, form)) = self.stage.forms.iter().find(|(.., form)| nameless(form)) else {
            bail!("no form of the demo can be sent without a name");
        };
        let desk = &self.app.desk;
        let draft = submission::begin(desk, &cx, *kind, Language::It, Channel::Web, "").await?;
        let answers = filling::anonymous(form, &places::street(dice), ANONYMOUS);
        submission::save(desk, &cx, draft.id, answers, 4).await?;
        match submission::submit(desk, &cx, draft.id, "", false).await? {
            Sent::Held => Ok(()),
            other => bail!("an anonymous report of the demo does not wait: {other:?}"),
        }
    }
}
