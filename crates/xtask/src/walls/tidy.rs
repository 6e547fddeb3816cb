//! The tidy rules: how a file begins, how long files and functions are, and what no file may name. Exceptions stand
//! in `allowed`, each with its reason.

use super::source::Source;

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

/// Files that may be longer, and why: ("src/engine/table.rs", "the whole table on one page").
const LONG_FILES: &[(&str, &str)] = &[];
/// Functions that may be longer, and why: ("src/engine/table.rs: step", "one match over state and input").
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// What breaks a rule, and what stands in a list without need.
pub(crate) fn violations(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut long_files, mut long_functions) = (Vec::new(), Vec::new());
    for source in sources {
        if !source.text.starts_with("//!") {
            wrong.push(format!(
                "{}:1: a file begins with `//!`: what it decides or knows, and what it never does",
                source.path
            ));
        }
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            long_files.push((source.path.clone(), format!("{}: {lines} lines", source.path)));
        }
        for (line, name, lines) in functions(&source.code()) {
            if lines > FUNCTION_LINES_MAX {
                let what = format!("{}:{line}: `{name}` has {lines} lines", source.path);
                long_functions.push((format!("{}: {name}", source.path), what));
            }
        }
    }
    wrong.extend(against_list(&long_files, LONG_FILES, FILE_LINES_MAX));
    wrong.extend(against_list(&long_functions, LONG_FUNCTIONS, FUNCTION_LINES_MAX));
    wrong
}

/// What is too long and not allowed to be, and what is allowed to be and is not.
fn against_list(found: &[(String, String)], allowed: &[(&str, &str)], most: usize) -> Vec<String> {
    let is_allowed = |key: &str| allowed.iter().any(|(name, _)| *name == key);
    let too_long = found.iter().filter(|(key, _)| !is_allowed(key)).map(|(_, what)| {
        format!("{what}, more than {most}: divide it by ideas, or give the reason in crates/xtask/src/walls/tidy.rs")
    });
    let idle = allowed.iter().filter(|(name, _)| !found.iter().any(|(key, _)| key == name)).map(|(name, _)| {
        format!("crates/xtask/src/walls/tidy.rs: `{name}` needs no exception any more: take it out of the list")
    });
    too_long.chain(idle).collect()
}

/// Line, name and length in lines of every function with a body.
fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let starts = lines.iter().enumerate().filter_map(|(at, line)| Some((at, function_name(line)?)));
    starts.filter_map(|(at, name)| Some((at + 1, name, body_lines(&lines[at..])?))).collect()
}

fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let is_declaration = before.split_whitespace().all(|word| {
        word.starts_with("pub")
            || word.ends_with(')')
            || matches!(word, "const" | "async" | "unsafe" | "extern" | "in")
    });
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (is_declaration && !name.is_empty()).then_some(name)
}

/// Lines from the first one to the brace that closes the body; nothing for a declaration without one.
fn body_lines(lines: &[&str]) -> Option<usize> {
    let (mut depth, mut opened) = (0_i32, false);
    for (at, line) in lines.iter().enumerate() {
        for c in line.chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                '{' => (depth, opened) = (depth + 1, true),
                '}' => depth -= 1,
                ';' if depth == 0 && !opened => return None,
                _ => {}
            }
        }
        if opened && depth <= 0 {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Vec<String> {
        violations(&[Source { path: "src/a.rs".to_owned(), text: text.to_owned() }])
    }

    #[test]
    fn a_file_without_a_first_sentence_is_named() {
        assert_eq!(judged("fn main() {}\n").len(), 1);
        assert_eq!(judged("//! Starts it.\nfn main() {}\n"), Vec::<String>::new());
    }

    #[test]
    fn a_long_file_and_a_long_function_are_named_with_their_length() {
        let file = format!("//! x\n{}", "// x\n".repeat(400));
        assert!(judged(&file)[0].starts_with("src/a.rs: 401 lines, more than 400: "));
        let function = format!(
            "//! x\npub(crate) fn f(a: [u8; 2])\nwhere\n{{\n{}}}\nfn g() {{}}\n",
            "    x;\n".repeat(67)
        );
        let said = judged(&function);
        assert!(said[0].starts_with("src/a.rs:2: `f` has 71 lines, more than 70: "), "{said:?}");
        assert_eq!(said.len(), 1);
    }

    #[test]
    fn an_exception_that_nothing_needs_is_named() {
        assert_eq!(against_list(&[], &[("src/gone.rs", "why")], 400).len(), 1);
    }

    #[test]
    fn declarations_and_function_pointers_have_no_length() {
        assert_eq!(
            functions("trait A { \n fn a(b: [u8; 4]);\n fn c() {}\n }\nlet f: fn () = x;"),
            [(3, "c".to_owned(), 1)]
        );
    }
}
