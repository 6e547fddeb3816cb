//! x
pub(crate) fn run() -> Result<(), crate::fail::Fail> {
    Ok(())
}
