//! What the build changes in a WebAssembly module: names of imports and exports, which exports there are, and the
//! order of its functions. What a module does stays as it is. It decides none of the changes.

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, EntityType, ExportSection, FunctionSection, ImportSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, Parser, Payload, TypeRef};

/// Old names and what stands in their place; one that is not in it stays.
pub(crate) type Names<'a> = BTreeMap<&'a str, String>;

/// What a module asks for and gives, by name, and the bodies of its functions.
#[derive(Default)]
pub(crate) struct Outline<'a> {
    /// Module and name.
    pub(crate) imports: Vec<(&'a str, &'a str)>,
    pub(crate) exports: Vec<&'a str>,
    /// As they stand in the module, imported functions not counted.
    pub(crate) bodies: Vec<&'a [u8]>,
}

/// Reads a module; nothing if this is none, or if it imports anything but functions.
pub(crate) fn outline(module: &[u8]) -> Option<Outline<'_>> {
    let mut outline = Outline::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload.ok()? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.ok().filter(|import| matches!(import.ty, TypeRef::Func(_)))?;
                    outline.imports.push((import.module, import.name));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    outline.exports.push(export.ok()?.name);
                }
            }
            Payload::CodeSectionEntry(body) => outline.bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Some(outline)
}

/// What is to become of a module. Custom sections, which a browser does not run, always go.
#[derive(Clone, Default)]
pub(crate) struct Change<'a> {
    pub(crate) modules: Names<'a>,
    pub(crate) imports: Names<'a>,
    pub(crate) exports: Names<'a>,
    /// Exports that go.
    pub(crate) dropped: Vec<&'a str>,
    /// Which of the bodies stands at each place; empty if all stay where they are.
    pub(crate) order: Vec<usize>,
}

/// The module after the change; nothing if it is no module, or if the order is not one of all its functions.
pub(crate) fn changed(module: &[u8], change: &Change<'_>) -> Option<Vec<u8>> {
    let outline = outline(module)?;
    let mut places = vec![None; outline.bodies.len()];
    for (place, &body) in change.order.iter().enumerate() {
        *places.get_mut(body)? = Some(u32::try_from(place).ok()?);
    }
    let places: Vec<u32> =
        if change.order.is_empty() { Vec::new() } else { places.into_iter().collect::<Option<_>>()? };
    let imported = u32::try_from(outline.imports.len()).ok()?;
    let mut writer = Writer { change, places, imported };
    let mut to = Module::new();
    writer.parse_core_module(&mut to, Parser::new(0), module).ok()?;
    Some(to.finish())
}

struct Writer<'a> {
    change: &'a Change<'a>,
    /// Where each body comes to stand.
    places: Vec<u32>,
    imported: u32,
}

/// Something in a module that this does not know how to write.
struct NotForeseen;

type Done = Result<(), Error<NotForeseen>>;

impl Writer<'_> {
    /// What stood in these places, as it stands from now on.
    fn in_order<T>(&self, old: Vec<T>) -> Vec<T> {
        let mut new: Vec<_> = old.into_iter().enumerate().collect();
        new.sort_by_key(|(at, _)| self.places.get(*at).copied());
        new.into_iter().map(|(_, one)| one).collect()
    }
}

impl Reencode for Writer<'_> {
    type Error = NotForeseen;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<NotForeseen>> {
        let place = function.checked_sub(self.imported).and_then(|at| self.places.get(at as usize));
        Ok(place.map_or(function, |place| self.imported + place))
    }

    fn parse_imports(&mut self, to: &mut ImportSection, imports: wasmparser::Imports<'_>) -> Done {
        let wasmparser::Imports::Single(_, import) = imports else {
            // A shorter form of the same that nobody writes yet.
            return Err(Error::UserError(NotForeseen));
        };
        let ty: EntityType = self.entity_type(import.ty)?;
        to.import(
            new_name(&self.change.modules, import.module),
            new_name(&self.change.imports, import.name),
            ty,
        );
        Ok(())
    }

    fn parse_export(&mut self, to: &mut ExportSection, export: wasmparser::Export<'_>) -> Done {
        if self.change.dropped.contains(&export.name) {
            return Ok(());
        }
        let index = self.external_index(export.kind, export.index)?;
        to.export(new_name(&self.change.exports, export.name), self.export_kind(export.kind)?, index);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        to: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Done {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for ty in self.in_order(types) {
            to.function(self.type_index(ty)?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, to: &mut CodeSection, section: CodeSectionReader<'_>) -> Done {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for body in self.in_order(bodies) {
            self.parse_function_body(to, body)?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: wasmparser::CustomSectionReader<'_>) -> Done {
        Ok(())
    }
}

fn new_name<'a>(names: &'a Names<'_>, name: &'a str) -> &'a str {
    names.get(name).map_or(name, String::as_str)
}

/// A module for tests: imports, exports by name and number of the function, and functions that each return a number
/// or, if it is below zero, call the function of that number.
#[cfg(test)]
pub(crate) fn sample(imports: &[(&str, &str)], exports: &[(&str, u32)], bodies: &[i32]) -> Vec<u8> {
    use wasm_encoder::{ExportKind, Function, TypeSection, ValType};

    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let (mut import, mut function) = (ImportSection::new(), FunctionSection::new());
    let (mut export, mut code) = (ExportSection::new(), CodeSection::new());
    for (module, name) in imports {
        import.import(module, name, EntityType::Function(0));
    }
    for (name, index) in exports {
        export.export(name, ExportKind::Func, *index);
    }
    for number in bodies {
        function.function(0);
        let mut body = Function::new([]);
        match u32::try_from(-number) {
            Ok(called @ 1..) => body.instructions().call(called).end(),
            _ => body.instructions().i32_const(*number).end(),
        };
        code.function(&body);
    }
    let mut module = Module::new();
    module.section(&types).section(&import).section(&function).section(&export).section(&code);
    module.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_change_only_custom_sections_go() {
        let module = sample(&[("m", "f")], &[("a", 1)], &[7, 8]);
        let mut with_custom = module.clone();
        with_custom.extend([0, 2, 1, b'n']);
        assert_eq!(changed(&with_custom, &Change::default()), Some(module));
    }

    #[test]
    fn exports_and_calls_follow_a_function_to_its_new_place() {
        let module = sample(&[("m", "f")], &[("seven", 1), ("calls", 2), ("nine", 3)], &[7, -3, 9]);
        let change = Change { order: vec![2, 0, 1], ..Change::default() };
        let expected = sample(&[("m", "f")], &[("seven", 2), ("calls", 3), ("nine", 1)], &[9, 7, -1]);
        assert_eq!(changed(&module, &change), Some(expected));
    }

    #[test]
    fn an_order_that_is_not_one_of_all_functions_changes_nothing() {
        let module = sample(&[], &[], &[7, 8]);
        for order in [vec![0], vec![0, 0], vec![0, 1, 2]] {
            assert_eq!(changed(&module, &Change { order, ..Change::default() }), None);
        }
    }

    #[test]
    fn names_change_and_exports_go() {
        let module = sample(&[("m", "f")], &[("a", 1), ("b", 1)], &[7]);
        let change = Change {
            modules: [("m", "n".to_owned())].into(),
            imports: [("f", "g".to_owned())].into(),
            exports: [("b", "c".to_owned())].into(),
            dropped: vec!["a"],
            order: Vec::new(),
        };
        assert_eq!(changed(&module, &change), Some(sample(&[("n", "g")], &[("c", 1)], &[7])));
    }

    #[test]
    fn what_is_no_module_has_no_outline() {
        for bytes in [b"".as_slice(), b"<html>..", b"\0asm\x01\0\0\0\x01\x04\x01"] {
            assert!(outline(bytes).is_none());
        }
    }
}
