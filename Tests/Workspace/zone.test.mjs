// Days by the clock of a place, over the days on which that clock is moved.
import assert from "node:assert/strict";
import test from "node:test";
import { snoozePresets } from "../../Sources/Web/Workspace/Desk/times.js";
import { clockAt, dayStart, instantOf, weekday } from "../../Sources/Web/Protocol/zone.js";

for (const [at, zone, start] of [
    ["2026-11-22T23:59:59+08:00", "Asia/Shanghai", "2026-11-22T00:00:00+08:00"],
    ["2026-11-23T00:00:00+08:00", "Asia/Shanghai", "2026-11-23T00:00:00+08:00"],
    ["2026-11-23T00:00:00+08:00", "America/New_York", "2026-11-22T00:00:00-05:00"],
    // 23 hours, 25 hours, and a midnight that there is not.
    ["2026-03-29T12:00:00+02:00", "Europe/Berlin", "2026-03-29T00:00:00+01:00"],
    ["2026-03-30T00:00:00+02:00", "Europe/Berlin", "2026-03-30T00:00:00+02:00"],
    ["2026-10-25T23:30:00+01:00", "Europe/Berlin", "2026-10-25T00:00:00+02:00"],
    ["2026-09-06T12:00:00-03:00", "America/Santiago", "2026-09-06T01:00:00-03:00"],
]) {
    test(`the day of ${at} in ${zone} begins ${start}`, () => {
        assert.equal(dayStart(Date.parse(at), zone), Date.parse(start));
    });
}

test("an hour that is shown twice is the first, one that is skipped is the next", () => {
    assert.equal(instantOf({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, "Europe/Berlin"), Date.parse("2026-10-25T02:30:00+02:00"));
    assert.equal(instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, "Europe/Berlin"), Date.parse("2026-03-29T03:00:00+02:00"));
});

test("what the clock shows leads back to the moment, in every zone and season", () => {
    let seed = 20261122;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
    for (const zone of ["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
        for (let turn = 0; turn < 100; turn += 1) {
            const at = Math.floor((1_600_000_000_000 + random() * 200) / 60_000) * 60_000;
            const back = instantOf(clockAt(at, zone), zone);
            assert.ok(back === at || (back < at && at - back <= 3_600_000), `${zone} ${at}`);
            assert.ok(dayStart(at, zone) <= at && at - dayStart(at, zone) < 25.1 * 3_600_000, `${zone} ${at}`);
        }
    }
});

test("“tomorrow at nine” is nine o'clock also when the clock is moved that night", () => {
    const saturday = Date.parse("2026-03-28T20:00:00+01:00");
    const presets = Object.fromEntries(snoozePresets(saturday, "Europe/Berlin").map(({ key, until }) => [key, until]));
    assert.equal(presets.tomorrow, Date.parse("2026-03-29T09:00:00+02:00"));
    assert.equal(presets.monday, Date.parse("2026-03-30T09:00:00+02:00"));
    assert.equal(presets.evening, undefined);
    assert.equal(weekday(saturday, "Europe/Berlin"), 5);
});
