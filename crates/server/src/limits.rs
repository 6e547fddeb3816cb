//! How much one subject may ask, and how much all may together. A subject is a user, or an address from which new users come.
//! It knows no HTTP and no clock: whoever asks says what time it is.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Config;
use crate::token::UserId;

/// Subjects that are remembered at most: some hundred bytes each.
const SUBJECTS_MAX: usize = 100_000;

/// How often is looked for subjects that can be forgotten, while there are too many.
const FORGET_EVERY: Duration = Duration::from_secs(1);

/// Grants that come back evenly (a token bucket): `burst` at once, and not more than `per_second` in the long run.
#[derive(Clone, Copy, Debug)]
struct Rate {
    per_second: f64,
    burst: f64,
}

impl Rate {
    /// 0 is no limit.
    fn per_minute(number: u32) -> Option<Self> {
        let burst = f64::from(number);
        (number > 0).then_some(Self { per_second: burst / 60.0, burst })
    }

    /// 0 is no limit.
    fn per_second(number: u32) -> Option<Self> {
        let burst = f64::from(number);
        (number > 0).then_some(Self { per_second: burst, burst })
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    spent: f64,
    at: Instant,
}

impl Bucket {
    fn spent(&self, rate: Rate, now: Instant) -> f64 {
        let back = now.saturating_duration_since(self.at).as_secs_f64() * rate.per_second;
        (self.spent - back).max(0.0)
    }

    /// One grant, or how long until there is one.
    fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        (self.spent, self.at) = (self.spent(rate, now), now);
        if self.spent + 1.0 <= rate.burst {
            self.spent += 1.0;
            return Ok(());
        }
        let missing = self.spent + 1.0 - rate.burst;
        Err(Duration::from_secs_f64(missing / rate.per_second))
    }
}

/// What each subject has spent.
struct Buckets<K> {
    rate: Rate,
    by: HashMap<K, Bucket>,
    swept_at: Option<Instant>,
}

impl<K: Hash + Eq> Buckets<K> {
    fn new(rate: Rate) -> Self {
        Self { rate, by: HashMap::new(), swept_at: None }
    }

    fn take(&mut self, subject: K, now: Instant) -> Result<(), Duration> {
        if let Some(bucket) = self.by.get_mut(&subject) {
            return bucket.take(self.rate, now);
        }
        if self.by.len() >= SUBJECTS_MAX {
            self.forget(now)?;
        }
        self.by.entry(subject).or_insert(Bucket { spent: 0.0, at: now }).take(self.rate, now)
    }

    /// Whoever has everything back is as good as never seen.
    fn forget(&mut self, now: Instant) -> Result<(), Duration> {
        if self.swept_at.is_none_or(|at| now.saturating_duration_since(at) >= FORGET_EVERY) {
            self.swept_at = Some(now);
            let rate = self.rate;
            self.by.retain(|_, bucket| bucket.spent(rate, now) > 0.0);
        }
        if self.by.len() < SUBJECTS_MAX { Ok(()) } else { Err(FORGET_EVERY) }
    }
}

#[derive(Default)]
struct Open {
    all: usize,
    held: usize,
    by: HashMap<UserId, usize>,
}

/// Why nothing more is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// This user has as much open as one may have.
    User,
    /// All users together have.
    Server,
}

/// The limits of one server, and what is used of them.
pub(crate) struct Limits {
    requests: Mutex<Option<Buckets<UserId>>>,
    newcomers: Mutex<Option<Buckets<IpAddr>>>,
    reads: Mutex<Option<Buckets<()>>>,
    open: Arc<Mutex<Open>>,
    open_max: usize,
    open_of_one_max: usize,
}

/// A panic elsewhere leaves the counts right: each is changed in one go.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take<K: Hash + Eq>(buckets: &Mutex<Option<Buckets<K>>>, subject: K, now: Instant) -> Result<(), Duration> {
    locked(buckets).as_mut().map_or(Ok(()), |buckets| buckets.take(subject, now))
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            requests: Mutex::new(Rate::per_minute(config.requests_per_minute).map(Buckets::new)),
            newcomers: Mutex::new(Rate::per_minute(config.newcomers_per_minute).map(Buckets::new)),
            reads: Mutex::new(Rate::per_second(config.reads_per_second).map(Buckets::new)),
            open: Arc::default(),
            open_max: config.open_max,
            open_of_one_max: config.open_of_one_max,
        }
    }

    /// One request of a user, or how long until it may come.
    pub(crate) fn request(&self, user: &UserId, now: Instant) -> Result<(), Duration> {
        take(&self.requests, user.clone(), now)
    }

    /// One new user from an address, or how long until there may be one.
    pub(crate) fn newcomer(&self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        take(&self.newcomers, household(from), now)
    }

    /// One state read, whoever's, or how long until it may come. Streams are not counted here: they cost less for what they
    /// bring, so they are what is left when there is too much.
    pub(crate) fn read(&self, now: Instant) -> Result<(), Duration> {
        take(&self.reads, (), now)
    }

    /// A stream.
    pub(crate) fn open(&self, user: &UserId) -> Result<OpenGuard, Closed> {
        self.keep(user, false)
    }

    /// A read that is held. All of them have half of the places: streams are never refused for their sake alone.
    pub(crate) fn hold(&self, user: &UserId) -> Result<OpenGuard, Closed> {
        self.keep(user, true)
    }

    fn keep(&self, user: &UserId, is_held: bool) -> Result<OpenGuard, Closed> {
        let mut open = locked(&self.open);
        let open = &mut *open;
        if open.all >= self.open_max || (is_held && open.held >= self.open_max.div_ceil(2)) {
            return Err(Closed::Server);
        }
        let of_one = open.by.entry(user.clone()).or_default();
        if *of_one >= self.open_of_one_max {
            return Err(Closed::User);
        }
        *of_one += 1;
        open.all += 1;
        open.held += usize::from(is_held);
        Ok(OpenGuard { open: Arc::clone(&self.open), user: user.clone(), is_held })
    }
}

/// Counts as open until it is dropped.
pub(crate) struct OpenGuard {
    open: Arc<Mutex<Open>>,
    user: UserId,
    is_held: bool,
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        let mut open = locked(&self.open);
        open.all -= 1;
        open.held -= usize::from(self.is_held);
        if let Some(of_one) = open.by.get_mut(&self.user) {
            *of_one -= 1;
            if *of_one == 0 {
                open.by.remove(&self.user);
            }
        }
    }
}

/// Whoever has one address of version 6 has 2⁶⁴ of them (RFC 4291, section 2.5.4).
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(config: &Config) -> Limits {
        Limits::new(config)
    }

    fn user(name: &str) -> UserId {
        UserId::kept(name.to_owned())
    }

    #[test]
    fn a_minutes_worth_comes_at_once_and_then_evenly() {
        let limits = limits(&Config { requests_per_minute: 60, ..Config::default() });
        let (me, start) = (user("me"), Instant::now());
        for _ in 0..60 {
            assert_eq!(limits.request(&me, start), Ok(()));
        }
        assert_eq!(limits.request(&me, start), Err(Duration::from_secs(1)));
        assert_eq!(limits.request(&user("you"), start), Ok(()), "each has their own");
        let later = start + Duration::from_secs(2);
        assert_eq!([(); 3].map(|()| limits.request(&me, later).is_ok()), [true, true, false]);
        let much_later = start + Duration::from_secs(3600);
        let granted = (0..1000).filter(|_| limits.request(&me, much_later).is_ok()).count();
        assert_eq!(granted, 60, "what is not used is not saved up");
    }

    #[test]
    fn nothing_is_no_limit() {
        let limits = limits(&Config { requests_per_minute: 0, newcomers_per_minute: 0, ..Config::default() });
        let now = Instant::now();
        for _ in 0..10_000 {
            assert_eq!(limits.request(&user("me"), now), Ok(()));
            assert_eq!(limits.newcomer([127, 0, 0, 1].into(), now), Ok(()));
        }
    }

    #[test]
    fn new_users_are_counted_by_what_one_household_has() {
        let limits = limits(&Config { newcomers_per_minute: 1, ..Config::default() });
        let now = Instant::now();
        let from = |address: &str| limits.newcomer(address.parse().unwrap(), now).is_ok();
        assert!(from("2001:db8:1:2::1") && !from("2001:db8:1:2:ffff::9") && from("2001:db8:1:3::1"));
        assert!(from("192.0.2.1") && !from("::ffff:192.0.2.1") && from("192.0.2.2"));
    }

    #[test]
    fn subjects_are_forgotten_when_there_are_too_many_and_never_before_they_have_everything_back() {
        let mut buckets = Buckets::new(Rate::per_minute(60).unwrap());
        let start = Instant::now();
        for subject in 0..SUBJECTS_MAX {
            buckets.take(subject, start).unwrap();
        }
        assert_eq!(buckets.take(SUBJECTS_MAX, start), Err(FORGET_EVERY), "the others still owe");
        assert_eq!(buckets.take(0, start), Ok(()), "who is known is served");
        let later = start + Duration::from_secs(1);
        assert_eq!(buckets.take(SUBJECTS_MAX, later), Ok(()));
        assert_eq!(buckets.by.len(), 2, "the one that still owed, and the new one");
    }

    #[test]
    fn reads_in_a_second_are_no_more_than_that_at_once() {
        let limits = limits(&Config { reads_per_second: 5, ..Config::default() });
        let start = Instant::now();
        assert_eq!((0..100).filter(|_| limits.read(start).is_ok()).count(), 5);
        assert_eq!(limits.read(start), Err(Duration::from_millis(200)));
    }

    #[test]
    fn held_reads_leave_half_of_the_places_to_streams() {
        let limits = limits(&Config { open_of_one_max: 10, open_max: 4, ..Config::default() });
        let me = user("me");
        let held = [limits.hold(&me), limits.hold(&me)];
        assert_eq!(limits.hold(&me).err(), Some(Closed::Server));
        let streams = [limits.open(&me).is_ok(), limits.open(&me).is_ok()];
        assert_eq!(streams, [true, true]);
        drop(held);
        assert!(limits.hold(&me).is_ok());
    }

    #[test]
    fn what_is_open_is_counted_until_it_is_closed() {
        let limits = limits(&Config { open_of_one_max: 2, open_max: 3, ..Config::default() });
        let (me, you) = (user("me"), user("you"));
        let mine = [limits.open(&me), limits.open(&me)];
        assert_eq!(limits.open(&me).err(), Some(Closed::User));
        let yours = limits.open(&you).unwrap();
        assert_eq!(limits.open(&you).err(), Some(Closed::Server));
        drop(mine);
        assert!(limits.open(&me).is_ok());
        drop(yours);
        assert!(locked(&limits.open).by.is_empty(), "nobody is remembered for nothing");
    }
}
