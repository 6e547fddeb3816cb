//! x
pub(crate) fn run(_: &mut crate::args::Args) -> Result<(), crate::fail::Fail> {
    Ok(())
}
