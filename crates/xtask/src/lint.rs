//! stub
use crate::{args::Args, fail::Fail};
pub(crate) fn run(_: &mut Args) -> Result<(), Fail> {
    Ok(())
}
pub(crate) fn walls() -> Result<(), Fail> {
    Ok(())
}
