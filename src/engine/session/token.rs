//! Tokens: when one is asked for, and what becomes of the session if none comes. It never sees a token's text: the
//! shell keeps that, and tokens are numbered here.

use super::{Scale, Session};
use crate::engine::backoff::Window;
use crate::engine::io::{Command, TokenAnswer, TokenReason};
use crate::engine::picture::Note;
use crate::engine::span::Span;
use crate::engine::time::Moment;

#[derive(Debug)]
enum Ask {
    Not,
    /// Wanted, from this time on.
    Due {
        at: Moment,
        reason: TokenReason,
    },
    Asked {
        ticket: u64,
        at: Moment,
        reason: TokenReason,
    },
}

#[derive(Debug)]
pub(super) struct TokenDesk {
    /// How many tokens we got; requests are sent with the newest.
    number: u64,
    ask: Ask,
    last_ticket: u64,
    /// The token replaces a refused one, and nothing has accepted it yet.
    suspect: bool,
    renew_at: Option<Moment>,
    /// Failures and silences of the provider in a row.
    failures: u32,
    silences: u32,
    asked: Window,
}

impl TokenDesk {
    pub(super) fn new(scale: Scale) -> Self {
        TokenDesk {
            number: 0,
            ask: Ask::Not,
            last_ticket: 0,
            suspect: false,
            renew_at: None,
            failures: 0,
            silences: 0,
            asked: Window::new(6, scale.ms(60_000)),
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// A start always asks: the one who signed in again has a new token.
    pub(super) fn restart(&mut self, now: Moment) {
        (self.suspect, self.failures, self.silences) = (false, 0, 0);
        self.ask = Ask::Due { at: now, reason: TokenReason::Start };
    }

    /// True while no request may be sent.
    pub(super) fn blocks(&self) -> bool {
        let asks = match self.ask {
            Ask::Not => false,
            Ask::Due { reason, .. } | Ask::Asked { reason, .. } => reason != TokenReason::Expiring,
        };
        self.number == 0 || asks
    }

    pub(super) fn is_suspect(&self) -> bool {
        self.suspect
    }

    pub(super) fn reject(&mut self) {
        self.suspect = true;
    }

    pub(super) fn accepted(&mut self, token: u64) {
        if token == self.number {
            self.suspect = false;
        }
    }

    /// Asks for one, if that is not under way. One that is, serves: but now everything waits for it.
    pub(super) fn want(&mut self, now: Moment, why: TokenReason) {
        match &mut self.ask {
            Ask::Not => self.ask = Ask::Due { at: now, reason: why },
            Ask::Due { reason, .. } | Ask::Asked { reason, .. } => *reason = why,
        }
    }

    pub(super) fn forget_ask(&mut self) {
        self.ask = Ask::Not;
    }

    pub(super) fn limit(&self, timeout: Span) -> Option<Moment> {
        match self.ask {
            Ask::Asked { at, .. } => Some(at + timeout),
            _ => None,
        }
    }

    pub(super) fn renew_at(&self) -> Option<Moment> {
        matches!(self.ask, Ask::Not).then_some(self.renew_at).flatten()
    }

    /// The page slept: what was asked before is waited for anew.
    pub(super) fn rearm(&mut self, now: Moment) {
        if let Ask::Asked { at, .. } = &mut self.ask {
            *at = now;
        }
    }
}

impl Session {
    pub(super) fn token_ask_at(&self) -> Option<Moment> {
        match self.token.ask {
            Ask::Due { at, .. } if !self.page.away => Some(at.max(self.token.asked.free_at())),
            _ => None,
        }
    }

    pub(super) fn ask_for_token_if_due(&mut self) {
        if self.token_ask_at().is_none_or(|at| at > self.now) {
            return;
        }
        let Ask::Due { reason, .. } = self.token.ask else { return };
        self.token.last_ticket += 1;
        let ticket = self.token.last_ticket;
        self.token.asked.note(self.now);
        self.token.ask = Ask::Asked { ticket, at: self.now, reason };
        self.note(Note::TokenAsked);
        self.command(Command::AskToken { ticket, reason });
    }

    pub(super) fn token_answered(&mut self, of: u64, answer: TokenAnswer) {
        let Ask::Asked { ticket, reason, .. } = self.token.ask else { return };
        if ticket != of {
            return;
        }
        match answer {
            TokenAnswer::Fresh { expires_in } => {
                let first = self.token.number == 0;
                self.token.number += 1;
                self.token.ask = Ask::Not;
                (self.token.failures, self.token.silences) = (0, 0);
                // 30 s before it expires; a short-lived one at half its life.
                self.token.renew_at =
                    expires_in.map(|life| self.now + (life - self.ms(30_000).min(life / 2)));
                if first {
                    self.begin_legs();
                } else if reason == TokenReason::Expiring {
                    self.reopen_stream();
                }
            }
            TokenAnswer::Refused => self.sign_out(),
            TokenAnswer::Failed => {
                self.token.failures += 1;
                self.token.silences = 0;
                self.note(Note::TokenFailed);
                // At least half of each step: six a minute must not be used up in a provider's bad ten seconds.
                let step = (self.ms(1000) * (1 << self.token.failures.min(4))).min(self.ms(15_000));
                let wait = step / 2 + self.jitter.up_to(step / 2);
                self.token.ask = Ask::Due { at: self.now + wait, reason };
            }
        }
    }

    /// Asked twice without an answer: there will be none.
    pub(super) fn token_timed_out(&mut self) {
        let Ask::Asked { ticket, reason, .. } = self.token.ask else { return };
        if reason == TokenReason::Expiring {
            // The one we have still serves.
            return self.token_answered(ticket, TokenAnswer::Failed);
        }
        self.token.silences += 1;
        self.note(Note::TokenFailed);
        if self.token.silences >= 2 {
            self.sign_out();
        } else {
            self.token.ask = Ask::Due { at: self.now, reason };
        }
    }

    pub(super) fn token_expires_soon(&mut self) {
        self.token.renew_at = None;
        self.token.want(self.now, TokenReason::Expiring);
    }
}
