//! The walls between the layers, and the tidy rules: gathers what is wrong, each as one line that explains itself.
//! It never changes a file. design: ARCHITECTURE.md names the layers; `layers` holds their rules.

mod layers;
mod paths;
mod source;
mod tidy;
mod trees;

use crate::fail::Fail;

/// Everything that is wrong with the sources of this repository; nothing, if all is well.
pub(crate) fn of_sources() -> Result<Vec<String>, Fail> {
    let sources = source::all()?;
    let externals = layers::externals()?;
    let mut wrong: Vec<String> =
        sources.iter().flat_map(|source| layers::violations(source, &externals)).collect();
    wrong.extend(tidy::violations(&sources));
    Ok(wrong)
}

/// Everything that is wrong with what the packages link.
pub(crate) use trees::violations as of_trees;

#[cfg(test)]
mod tests {
    #[test]
    fn the_sources_keep_the_walls_and_the_tidy_rules() {
        let wrong = super::of_sources().unwrap();
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    }
}
