//! `cargo xtask size`: what the page weighs, file by file: as it is, and as servers send it. It counts everything in
//! dist/, and never leaves out what a visitor would have to load.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::args::Args;
use crate::fail::Fail;
use crate::tools::Tools;
use crate::{bench, page};

/// The budget of the whole page, in bytes of brotli.
const BUDGET: usize = 100_000;
/// The budget of the decoder, in bytes of gzip.
const DECODER_BUDGET: usize = 8000;
/// What a server makes of files in advance; nobody loads them beside the files themselves.
const NOT_LOADED: &[&str] = &["br", "gz", "map"];

/// One file, in bytes.
struct Weight {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds the release page, unless `--no-build` says that it is there, and weighs it.
pub(crate) fn run(args: &mut Args) -> Result<(), Fail> {
    let is_built = args.flag("--no-build");
    args.finish()?;
    let (dist, decoder) = if is_built {
        (page::dist(), None)
    } else {
        let tools = Tools::for_page()?;
        let built = page::build_release(&tools)?;
        (built.dist, Some(bench::weighed(&tools, &built.way)?))
    };
    let mut weights = Vec::new();
    weigh_all(&dist, "", &mut weights).map_err(|error| {
        Fail::task(format!("{} could not be read ({error}); `cargo xtask build` writes it", dist.display()))
    })?;
    weights.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    print!("\n{}", table(&weights));
    if let Some(modules) = decoder {
        decoder_verdict(&modules).map_err(|error| Fail::task(format!("gzip failed ({error})")))??;
    }
    verdict(weights.iter().map(|weight| weight.brotli).sum())
}

/// What the decoder adds to a program, by itself. In the page it shares more with the rest.
fn decoder_verdict(modules: &[Vec<u8>; 2]) -> std::io::Result<Result<(), Fail>> {
    let [bare, with_decoder] = modules;
    let added = gzipped(with_decoder)?.saturating_sub(gzipped(bare)?);
    println!("\nthe decoder adds {added} bytes of gzip to a program without it, of {DECODER_BUDGET}");
    let is_kept = added <= DECODER_BUDGET;
    Ok(if is_kept { Ok(()) } else { Err(Fail::task("FAIL: the decoder weighs more than its budget")) })
}

fn gzipped(bytes: &[u8]) -> std::io::Result<usize> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?.len())
}

fn verdict(brotli: usize) -> Result<(), Fail> {
    if brotli <= BUDGET {
        println!("PASS: {brotli} of {BUDGET} bytes, {} left", BUDGET - brotli);
        return Ok(());
    }
    Err(Fail::task(format!(
        "FAIL: {brotli} bytes of brotli are {} more than the budget of {BUDGET}",
        brotli - BUDGET
    )))
}

fn weigh_all(dir: &Path, prefix: &str, weights: &mut Vec<Weight>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        let kind = path.extension().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            // Where trunk works until it is done.
        } else if path.is_dir() {
            weigh_all(&path, &format!("{name}/"), weights)?;
        } else if !NOT_LOADED.contains(&&*kind) {
            weights.push(weigh(name, &fs::read(&path)?)?);
        }
    }
    Ok(())
}

fn weigh(name: String, bytes: &[u8]) -> std::io::Result<Weight> {
    Ok(Weight { name, raw: bytes.len(), gzip: gzipped(bytes)?, brotli: brotli(bytes)?.len() })
}

/// As a server sends it.
pub(crate) fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &best)?;
    Ok(compressed)
}

/// Columns: name, raw, gzip, brotli; the last row is the sum.
fn table(weights: &[Weight]) -> String {
    let sum = |of: fn(&Weight) -> usize| weights.iter().map(of).sum::<usize>();
    let total = Weight {
        name: "total".to_owned(),
        raw: sum(|w| w.raw),
        gzip: sum(|w| w.gzip),
        brotli: sum(|w| w.brotli),
    };
    let width = weights.iter().map(|weight| weight.name.len()).max().unwrap_or(0).max("total".len());
    let mut text = format!("{:width$} {:>9} {:>9} {:>9}\n", "bytes", "raw", "gzip -9", "brotli 11");
    for Weight { name, raw, gzip, brotli } in weights.iter().chain([&total]) {
        text += &format!("{name:width$} {raw:>9} {gzip:>9} {brotli:>9}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lines_up_and_ends_with_the_sum() {
        let weights = [
            Weight { name: "app_bg.wasm".into(), raw: 200_000, gzip: 80_000, brotli: 60_000 },
            Weight { name: "index.html".into(), raw: 1_000, gzip: 500, brotli: 400 },
        ];
        assert_eq!(
            table(&weights),
            "bytes             raw   gzip -9 brotli 11\n\
             app_bg.wasm    200000     80000     60000\n\
             index.html       1000       500       400\n\
             total          201000     80500     60400\n"
        );
    }

    #[test]
    fn the_budget_is_kept_to_the_byte() {
        verdict(BUDGET).unwrap();
        let fail = verdict(BUDGET + 1).unwrap_err();
        assert_eq!(fail.to_string(), "FAIL: 100001 bytes of brotli are 1 more than the budget of 100000");
        assert_eq!(fail.exit_code(), 1);
    }

    #[test]
    fn both_encodings_shrink_text() {
        let weight = weigh("a".into(), "the same words ".repeat(100).as_bytes()).unwrap();
        assert_eq!(weight.raw, 1_500);
        assert!(weight.gzip < 100 && weight.brotli < 100);
    }
}
