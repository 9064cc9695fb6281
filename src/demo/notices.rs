//! What the town is told in the six weeks: a road that was closed and is open again, and a plant that is out of order now.
//! And the three reports that everybody may read.

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use entity::{language::Words, work_order};
use uuid::Uuid;

use super::{Dice, cast::Case, places, play::Play, times};
use crate::{
    actions::{
        Cx, notice, publication,
        tracking::{self, Target},
    },
    store::{
        self, Seek,
        work_order::{QueueFilter, StatusFilter},
    },
};

/// Work orders that a notice explains from the beginning, at most.
const EXPLAINED: usize = 4;
/// Reports that everybody may read.
pub(super) const PUBLISHED: usize = 3;

/// What becomes of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The road is closed.
    Closed,
    /// It is open again.
    Opened,
    /// The plant is out of order.
    Down,
}

/// When the notices take their turns, in order.
pub(super) fn programme(
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    dice: &mut Dice,
) -> Vec<(DateTime<Utc>, Turn)> {
    let mut at = |time: DateTime<Utc>| times::at_the_desk(time, dice).min(end - Duration::hours(6));
    vec![
        (at(start + Duration::days(20)), Turn::Closed),
        (at(start + Duration::days(24)), Turn::Opened),
        (at(end - Duration::days(4)), Turn::Down),
    ]
}

impl Play<'_> {
    /// A notice takes its turn.
    pub(super) async fn announce(&mut self, turn: Turn) -> Result<()> {
        let desk = &self.app.desk;
        let cx = Cx { actor: self.stage.operators.first().copied(), ..self.citizens() };
        match turn {
            Turn::Closed => self.restorable = Some(self.publish_notice(&cx, &road(self)).await?),
            Turn::Down => {
                let plant = self.publish_notice(&cx, &plant(self)).await?;
                let reader = "abbonata.avvisi@privata.example";
                tracking::follow(desk, &cx, Target::Notice(plant), reader, entity::language::Language::It)
                    .await?;
            }
            Turn::Opened => {
                let id = self.restorable.context("the road of the demo was never closed")?;
                let row = store::notice::by_id(&desk.db.read, cx.organisation, id).await?;
                let version = row.context("a notice of the demo is gone")?.version;
                notice::restore(desk, &cx, id, version, &restored()).await?;
            }
        }
        self.post.carry(self.app, self.now).await
    }

    /// Publishes it and links what it explains already.
    async fn publish_notice(&self, cx: &Cx, form: &notice::Form) -> Result<Uuid> {
        let desk = &self.app.desk;
        let id = notice::create(desk, cx, form).await?;
        notice::publish(desk, cx, id, 0).await?;
        for order in self.open_disruptions().await? {
            notice::link(desk, cx, id, order.id).await?;
        }
        Ok(id)
    }

    /// The disruptions whose answer is due last: the newest ones.
    async fn open_disruptions(&self) -> Result<Vec<work_order::Model>> {
        let kind = self.stage.kinds.get("disruption").copied();
        let filter = QueueFilter { status: StatusFilter::Open, kind, ..QueueFilter::default() };
        let newest = Seek::Before((self.now + Duration::days(1_000), Uuid::max()));
        let (db, organisation) = (&self.app.desk.db.read, self.stage.organisation);
        Ok(store::work_order::queue(db, organisation, &filter, &newest, EXPLAINED).await?.rows)
    }

    /// Remembers a report that may be shown to everybody.
    pub(super) fn consider(&mut self, case: &Case) {
        if self.showable.len() < PUBLISHED && case.topic.kind == "disruption" && case.plot.rich {
            self.showable.push((case.order, case.details.street.clone()));
        }
    }

    /// The reports that everybody may read, in an operator's words.
    pub(super) async fn show_to_everybody(&self) -> Result<()> {
        const WORDS: [(&str, &str); PUBLISHED] = [
            (
                "Contenitori non svuotati",
                "Alcuni contenitori della via non sono stati svuotati. La squadra è ripassata.",
            ),
            (
                "Rifiuti a lato della strada",
                "Sacchi lasciati fuori dai contenitori. Abbiamo chiesto un passaggio in più.",
            ),
            ("Strada da pulire", "La spazzatrice non è passata: la pulizia è prevista con il prossimo giro."),
        ];
        let cx = Cx { actor: self.stage.operators.first().copied(), ..self.citizens() };
        for ((order, place), (title, text)) in self.showable.iter().zip(WORDS) {
            let form = publication::Form {
                title: title.to_owned(),
                text: text.to_owned(),
                address: places::without_number(place).to_owned(),
                position: true,
                // Who reported it lives in that street: so do many others.
                confirmed: true,
            };
            publication::publish(&self.app.desk, &cx, *order, &form).await?;
        }
        Ok(())
    }
}

fn words(it: &str, en: &str, de: &str) -> Words {
    Words { it: it.to_owned(), en: en.to_owned(), de: de.to_owned() }
}

fn disruption(play: &Play) -> Vec<Uuid> {
    play.stage.kinds.get("disruption").copied().into_iter().collect()
}

fn road(play: &Play) -> notice::Form {
    notice::Form {
        title: words(
            "Via Roma chiusa: raccolta spostata",
            "Via Roma closed: collection moved",
            "Via Roma gesperrt: Müllabfuhr verlegt",
        ),
        text: words(
            "Per i lavori alla fognatura i mezzi non entrano in Via Roma e in Piazza Matteotti.",
            "Because of works on the sewer our vehicles cannot enter Via Roma and Piazza Matteotti.",
            "Wegen Arbeiten an der Kanalisation können unsere Fahrzeuge nicht in die Via Roma und auf die Piazza Matteotti fahren.",
        ),
        impact: words(
            "I contenitori davanti a casa non vengono svuotati.",
            "Bins left at the door are not emptied.",
            "Behälter vor dem Haus werden nicht geleert.",
        ),
        alternatives: words(
            "Porta i contenitori all’angolo con Corso Vittorio Emanuele, dove passiamo ogni mattina.",
            "Please take your bins to the corner of Corso Vittorio Emanuele, where we pass every morning.",
            "Bitte bringen Sie die Behälter an die Ecke zum Corso Vittorio Emanuele, wo wir jeden Morgen vorbeikommen.",
        ),
        streets: vec!["Via Roma".to_owned(), "Piazza Matteotti".to_owned()],
        kinds: disruption(play),
        starts_at: play.now,
        ends_at: Some(play.now + Duration::days(5)),
        tell: false,
    }
}

fn restored() -> Words {
    words(
        "Via Roma e Piazza Matteotti sono riaperte: da oggi passiamo di nuovo davanti a casa.",
        "Via Roma and Piazza Matteotti are open again: from today we collect at the door as usual.",
        "Via Roma und Piazza Matteotti sind wieder offen: Ab heute holen wir wieder vor dem Haus ab.",
    )
}

fn plant(play: &Play) -> notice::Form {
    notice::Form {
        title: words(
            "Impianto dell’organico fermo: ritiri in ritardo",
            "Organic waste plant out of order: late collections",
            "Bioabfallanlage außer Betrieb: verspätete Abholung",
        ),
        text: words(
            "L’impianto che riceve l’organico è fermo per un guasto. I mezzi scaricano in un altro impianto, più lontano.",
            "The plant that receives organic waste has broken down. Our vehicles unload at another one, farther away.",
            "Die Anlage für Bioabfall ist wegen eines Schadens außer Betrieb. Unsere Fahrzeuge entladen bei einer anderen, weiter entfernten Anlage.",
        ),
        impact: words(
            "Il ritiro dell’organico può slittare di un giorno. Gli altri ritiri sono regolari.",
            "Organic waste may be collected a day late. All other collections are on time.",
            "Bioabfall wird unter Umständen einen Tag später abgeholt. Alle anderen Abholungen finden planmäßig statt.",
        ),
        alternatives: words(
            "Lascia fuori il contenitore: passiamo appena possibile. Il centro di raccolta è aperto come sempre.",
            "Leave your bin outside: we come as soon as we can. The recycling centre is open as usual.",
            "Lassen Sie den Behälter draußen: Wir kommen, sobald es möglich ist. Der Wertstoffhof ist wie gewohnt geöffnet.",
        ),
        streets: Vec::new(),
        kinds: disruption(play),
        starts_at: play.now,
        ends_at: Some(play.now + Duration::days(9)),
        tell: false,
    }
}
