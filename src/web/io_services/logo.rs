//! The logo of a service, or of the organisation, which all services show that have none of their own.

use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    response::Response,
};
use uuid::Uuid;

use super::{
    acts::run,
    answer::{Done, find},
    overview::{self, Visit},
};
use crate::{
    actions::io::service::sheet_of,
    app::App,
    domain::io::sheet::logo::{self, Unfit},
    web::{
        error::{Error, Result},
        flaws::Flaws,
        request::Path,
        session::Administrator,
        upload::Upload,
    },
};

/// Largest form that is taken in: a picture that is too large is told so.
const FORM: usize = 2 * logo::BYTES;

/// `POST /desk/admin/io/services/{id}/logo`.
pub async fn set(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    let upload = Upload::read(form, FORM).await?;
    let of_organisation = match upload.field("of") {
        "organisation" => true,
        "service" => false,
        // Whose it is is not guessed: the organisation's is shown by all its services.
        _ => return Err(Error::Unreadable),
    };
    let code = sheet_of(&row).organization.fiscal_code;
    let png = match upload.files.into_iter().next() {
        _ if upload.too_large => Err(Unfit::TooLarge.to_string()),
        None => Err("Scegli il file del logo.".to_owned()),
        Some(file) => logo::check(&file.bytes).map(|()| file.bytes).map_err(|unfit| unfit.to_string()),
    };
    match png {
        Ok(png) => {
            run(app, me, id, Done::Logo, move |app, cx, row| async move {
                app.io_logo(&cx, &row, &png, of_organisation.then_some(code.as_str())).await
            })
            .await
        }
        Err(words) => {
            let wrong = Visit::wrong(Flaws::from([("logo".into(), words)]));
            overview::refused(&app, &me, id, wrong).await
        }
    }
}
