//! What pages need of the mail's edge. `web` does not know `channel`, and both rules are of mail, not of pages: how the
//! pictures of a letter are found among its files, and which file names can go into one.

pub use crate::channel::email::{clean::link_inline_images, names::Names};
