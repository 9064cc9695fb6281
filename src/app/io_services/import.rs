//! Services that an organisation has at IO already.

use super::{Trouble, look, seen};
use crate::{
    actions::{
        Cx,
        io::{
            service::{self, Imported},
            service_name,
        },
    },
    app::App,
    domain::io::{call::Failure, sheet::life},
    store,
};

/// What an import has brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Services that were not here.
    pub new: usize,
    /// Services brought up to date.
    pub known: usize,
    /// Services whose keys were not given.
    pub without_keys: usize,
    /// Services beyond the most that are kept.
    pub left_out: usize,
    /// Services that have the name of another.
    pub of_one_name: usize,
}

impl App {
    /// Brings all services of an organisation here, or up to date, each with its keys. What was brought before a failure stays.
    pub async fn io_import(&self, cx: &Cx) -> Result<Import, Trouble> {
        let line = self.io_manager(cx.organisation).await?;
        let mut found = line.services().await?;
        found.retain(|service| service.lifecycle != life::Lifecycle::Deleted);
        let most = usize::try_from(store::io_service::MOST).unwrap_or(usize::MAX);
        let mut import = Import { left_out: found.len().saturating_sub(most), ..Import::default() };
        found.truncate(most);
        let mut known = Vec::new();
        for managed in found {
            let remote = managed.id.clone();
            let publication = line.publication(&remote).await?;
            let published = publication.is_some_and(|(state, _)| state == life::Publication::Published);
            let imported = service::import(&self.desk, cx, &seen(managed, Some(published))).await?;
            let id = match imported {
                Imported::New(id) => {
                    import.new += 1;
                    id
                }
                Imported::Known(id) => {
                    import.known += 1;
                    id
                }
            };
            match line.keys(&remote).await {
                Ok(pair) => self.keep_keys(cx, id, pair).await?,
                Err(Failure::KeyRefused) => return Err(Trouble::Io(Failure::KeyRefused)),
                Err(_) => import.without_keys += 1,
            }
            known.push(id);
        }
        self.look_at_the_missing(cx, &known).await?;
        import.of_one_name = service_name::of_one_name(&self.desk, cx).await?;
        Ok(import)
    }

    /// Of services that are here and were not in IO's list, most were deleted there. The list may be cut: each is asked for.
    async fn look_at_the_missing(&self, cx: &Cx, known: &[uuid::Uuid]) -> Result<(), Trouble> {
        let here = store::io_service::all(&self.desk.db.read, cx.organisation).await;
        for row in here.map_err(|error| Trouble::Desk(error.into()))? {
            if known.contains(&row.id) {
                continue;
            }
            let Ok((line, remote)) = self.line_to(&row).await else { continue };
            if let Ok(now) = look(&line, remote).await {
                service::seen(&self.desk, cx, row.id, &now).await?;
            }
        }
        Ok(())
    }
}
