//! What holds for every answer, told from the notes that were taken of all of them.

use super::Scene;
use crate::point::Point;

pub(super) fn judge(scene: &mut Scene<'_>) {
    let notes = scene.client.notes().clone();
    let report = &mut scene.report;
    for seen in notes.errors {
        report.judge(Point::Problems, seen);
    }
    report.skip(Point::Problems, "there was no error");
    for (what, says_when) in notes.busy {
        report.expect(Point::RetryAfter, says_when, || what);
    }
    report.skip(Point::RetryAfter, "there was no 429 and no 503");
    for seen in notes.leaks {
        report.fail(Point::TokenSecret, seen);
    }
    if scene.client.token.is_some() && report.obstacle(&[Point::Reach, Point::Token, Point::Create]).is_none()
    {
        report.keep(Point::TokenSecret);
    }
}
