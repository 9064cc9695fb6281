//! Somebody opens a personal link. There are two sorts: the one in a letter, which shows that its holder reads that address,
//! and the one that number and code open, which does not. A link that opens nothing leads to a page that offers a new one,
//! and says the same whether it is forged, replaced, another organisation's or too old.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use entity::{
    communication::Channel,
    follower::{self, Role},
    notice, work_order,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    domain::link,
    store,
    web::{
        error::{Error, Result},
        portal::Hall,
        request::Path,
    },
};

/// A personal link that opens.
#[derive(Debug)]
pub struct Visit {
    /// Where.
    pub hall: Hall,
    /// Who follows.
    pub follower: follower::Model,
    /// What.
    pub matter: Matter,
    /// The link came by letter: its holder reads that address.
    pub proven: bool,
    /// What the addresses of this page begin with.
    pub here: String,
}

/// What somebody follows.
#[derive(Debug)]
pub enum Matter {
    /// A work order.
    Order(Box<work_order::Model>),
    /// A notice.
    Notice(Box<notice::Model>),
}

impl Visit {
    /// The work order, if it is its author who visits.
    ///
    /// # Errors
    /// `NotFound`: others see its state and nothing else.
    pub fn authors_order(&self) -> Result<&work_order::Model> {
        match &self.matter {
            Matter::Order(order) if self.follower.role == Role::Author => Ok(order),
            _ => Err(Error::NotFound),
        }
    }

    /// The same visit, with the work order as it stands now.
    ///
    /// # Errors
    /// The database.
    pub async fn again(&self, app: &App) -> Result<Self> {
        let matter = match &self.matter {
            Matter::Order(order) => {
                let read =
                    store::work_order::by_id(&app.desk.db.read, order.organisation_id, order.id).await?;
                Matter::Order(Box::new(read.ok_or(Error::NotFound)?))
            }
            Matter::Notice(notice) => Matter::Notice(notice.clone()),
        };
        Ok(Self {
            matter,
            hall: self.hall.clone(),
            follower: self.follower.clone(),
            here: self.here.clone(),
            ..*self
        })
    }

    /// Whether its author has taken it back.
    ///
    /// # Errors
    /// The database.
    pub async fn is_withdrawn(&self, app: &App) -> Result<bool> {
        match &self.matter {
            Matter::Order(order) => Ok(store::event::is_withdrawn(&app.desk.db.read, order).await?),
            Matter::Notice(_) => Ok(false),
        }
    }

    /// Who speaks, and by which way.
    #[must_use]
    pub fn speaking(&self) -> (&follower::Model, Channel) {
        (&self.follower, Channel::Web)
    }
}

/// Which link.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// As it stands in the address.
    pub link: String,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Response> {
        let hall = Hall::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let asked: Result<Path<Asked>> = Path::from_request_parts(parts, app).await;
        let Path(asked) = asked.map_err(IntoResponse::into_response)?;
        match opened(app, hall.clone(), &asked.link).await {
            Ok(Some(visit)) => Ok(visit),
            Ok(None) => Err(lost(&hall).into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// What a link opens, if it is in force.
pub async fn opened(app: &App, hall: Hall, link: &str) -> Result<Option<Visit>> {
    let keys = &app.desk.keys;
    let proven = link::follower_of(keys, link).is_some();
    let Some((follower, generation)) = named(app, &hall, link).await? else { return Ok(None) };
    if follower.generation != generation {
        return Ok(None);
    }
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let order = match follower.work_order_id {
        Some(order) => store::work_order::by_id(db, organisation, order).await?,
        None => None,
    };
    let notice = match follower.notice_id {
        Some(notice) => store::notice::by_id(db, organisation, notice).await?,
        None => None,
    };
    let over = |order: &work_order::Model| link::is_over(order, hall.portal.link_days, hall.cx.now);
    let matter = match (order, notice) {
        (Some(order), _) if !over(&order) => Matter::Order(Box::new(order)),
        (None, Some(notice)) => Matter::Notice(Box::new(notice)),
        _ => return Ok(None),
    };
    let here = hall.href(&format!("/segui/{link}"));
    let hall = hall.speaking(follower.language);
    Ok(Some(Visit { hall, follower, matter, proven, here }))
}

/// Whether a link was in force until the one that is now: its holder has just had it replaced.
pub async fn was_replaced(app: &App, hall: &Hall, link: &str) -> Result<bool> {
    let named = named(app, hall, link).await?;
    Ok(named.is_some_and(|(follower, generation)| follower.generation == generation + 1))
}

/// The follower that a link of either sort names, and its generation.
async fn named(app: &App, hall: &Hall, link: &str) -> Result<Option<(follower::Model, i32)>> {
    let keys = &app.desk.keys;
    let named = link::follower_of(keys, link).or_else(|| link::visit_of(keys, link));
    let Some((id, generation)) = named else { return Ok(None) };
    let found = store::follower::by_id(&app.desk.db.read, hall.organisation.id, id).await?;
    Ok(found.map(|follower| (follower, generation)))
}

/// The page for a link that opens nothing.
pub fn lost(hall: &Hall) -> Result<Response> {
    #[derive(Serialize)]
    struct Page {}
    let mut page = hall.page("portal/track/lost.html", Page {})?;
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}
