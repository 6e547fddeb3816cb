//! The browser engines beside Chromium, which the slow tests use too: which programs drive them, and how they come to a
//! machine that has none. It starts none of them.

use std::path::PathBuf;

use crate::browser::named_or;
use crate::command::Cmd;
use crate::debian;
use crate::fail::Fail;
use crate::tools::Tools;

/// Firefox and WebKit, with what drives them.
pub(crate) struct Engines {
    firefox: PathBuf,
    geckodriver: PathBuf,
    webkit_driver: PathBuf,
    /// A display for WebKit's browser, which cannot do without.
    xvfb_run: PathBuf,
}

impl Engines {
    /// What the environment names, or what PATH holds, or what apt and cargo can install.
    pub(crate) fn find() -> Result<Self, Fail> {
        let geckodriver = Tools::for_firefox()?.program("geckodriver");
        Ok(Self {
            firefox: found("FIREFOX", &["firefox-esr", "firefox"], "firefox-esr")?,
            geckodriver: geckodriver.ok_or_else(|| Fail::task("cargo has installed no geckodriver"))?,
            webkit_driver: found("WEBKIT_DRIVER", &["WebKitWebDriver"], "webkit2gtk-driver")?,
            xvfb_run: found("XVFB_RUN", &["xvfb-run"], "xvfb xauth")?,
        })
    }

    /// The command, told where they are, on a display of its own.
    pub(crate) fn for_command(&self, cmd: Cmd) -> Cmd {
        let cmd = cmd
            .env("FIREFOX", &self.firefox)
            .env("GECKODRIVER", &self.geckodriver)
            .env("WEBKIT_DRIVER", &self.webkit_driver);
        cmd.within(&self.on_display())
    }

    /// The web tests in Firefox, and those in WebKit. The runner takes the one driver that it is told of.
    pub(crate) fn web_tests(&self, test: &Cmd) -> [Cmd; 2] {
        let firefox = test.clone().env("GECKODRIVER", &self.geckodriver);
        let webkit = test.clone().env("SAFARIDRIVER", &self.webkit_driver);
        [firefox, webkit.within(&self.on_display())]
    }

    fn on_display(&self) -> Vec<String> {
        let screen = "-screen 0 1280x1024x24 -nolisten tcp".to_owned();
        vec![self.xvfb_run.display().to_string(), "-a".to_owned(), "-s".to_owned(), screen]
    }
}

/// The program, installed from the packages if it is nowhere.
fn found(variable: &str, names: &[&str], packages: &str) -> Result<PathBuf, Fail> {
    if let Some(there) = named_or(variable, names) {
        return Ok(there);
    }
    let name = names[0];
    println!("{name} is missing: installing it, if this is Debian and you are root");
    let missing = format!(
        "no {name} in PATH: install it (Debian: apt-get install {packages}), or name it: {variable}=/path/to/{name}; \
         `cargo xtask test`, without `all`, does without"
    );
    debian::install(packages, &missing)?;
    named_or(variable, names).ok_or_else(|| Fail::task(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engines() -> Engines {
        Engines {
            firefox: "/f".into(),
            geckodriver: "/g".into(),
            webkit_driver: "/w".into(),
            xvfb_run: "/x".into(),
        }
    }

    #[test]
    fn the_tests_are_told_of_both_engines_and_run_on_a_display_of_their_own() {
        let line = engines().for_command(Cmd::words("cargo test")).line();
        let display = "/x -a -s '-screen 0 1280x1024x24 -nolisten tcp'";
        assert_eq!(line, format!("FIREFOX=/f GECKODRIVER=/g WEBKIT_DRIVER=/w {display} cargo test"));
    }

    #[test]
    fn the_runner_of_the_web_tests_is_told_of_one_driver_at_a_time() {
        let [firefox, webkit] = engines().web_tests(&Cmd::words("cargo test"));
        assert_eq!(firefox.line(), "GECKODRIVER=/g cargo test");
        assert!(webkit.line().starts_with("SAFARIDRIVER=/w /x -a "), "{}", webkit.line());
        assert!(!webkit.line().contains("GECKODRIVER"));
    }
}
