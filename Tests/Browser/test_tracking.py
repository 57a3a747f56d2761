"""The tracking service, played by `qinke carrier-simulator`: doubled, mixed up, pushed, forged, down and back."""
import hashlib
import json
import os
import re
import select
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from house import BINARY, SLUG, House

SALT = "yan"


class Simulator:
    """The simulator on a free port; the house that is started inside asks it."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [BINARY, "carrier-simulator", "--port", "0", "--speed", "4"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "NSUnbufferedIO": "YES"}, bufsize=1)
        line = self.process.stdout.readline()
        self.address = re.search(r"http://127\.0\.0\.1:\d+", line).group(0)
        self.before = dict(os.environ)
        os.environ.update(
            QINKE_TRACKING_ADDRESS=self.address + "/poll/query.do",
            QINKE_TRACKING_CUSTOMER="SIMULATED", QINKE_TRACKING_KEY="simulated-key",
            QINKE_TRACKING_SALT=SALT)
        return self

    def moods(self, **some):
        moods = {"late": False, "wrong": False, "doubled": False, "mixed": False, "down": False, **some}
        urllib.request.urlopen(urllib.request.Request(
            self.address + "/moods", data=json.dumps(moods).encode(), method="POST")).read()

    def __exit__(self, *_):
        os.environ.clear()
        os.environ.update(self.before)
        self.process.terminate()
        self.process.wait(10)


def until(read, limit=40):
    """Waits until something is so, and gives it back."""
    end = time.monotonic() + limit
    while True:
        found = read()
        if found or time.monotonic() > end:
            assert found, "it did not become so in time"
            return found
        # Nothing tells when a service has asked; look again soon.
        select.select([], [], [], 0.2)


def test_tracks_are_asked_for_pushed_and_survive_a_service_that_is_down(stage):
    with Simulator() as simulator, House() as house:
        owner = {**house.owner, "Origin": house.address}

        def ship(waybill):
            status, answer, _ = house.call("POST", "/v1/parcels", {
                "orderNumber": "1", "buyerName": "云朵", "to": "广东", "carrier": "zhongtong", "waybill": waybill}, owner)
            assert status == 201, (status, answer)
            return answer["parcel"]["id"]

        def events(parcel):
            return [one["text"] for one in house.call("GET", f"/v1/parcels/{parcel}", headers=owner)[1]["events"]]

        def check():
            return next(one for one in house.call("GET", "/health")[1]["checks"] if one["name"] == "tracking")

        simulator.moods(doubled=True, mixed=True)
        first = ship("78123456789012")
        told = until(lambda: events(first))
        assert len(told) == len(set(told)), told
        assert check()["ok"]
        param = json.dumps({"lastResult": {
            "message": "ok", "nu": "78123456789012", "com": "zhongtong", "state": "5",
            "data": [{"time": "2026-01-02 10:00:00", "context": "推送来的一条", "statusCode": "1"}]}}, ensure_ascii=False)

        def push(sign):
            form = urllib.parse.urlencode({"sign": sign, "param": param}).encode()
            try:
                with urllib.request.urlopen(f"{house.address}/v1/tracking?shop={SLUG}", form) as answer:
                    return answer.status
            except urllib.error.HTTPError as refused:
                return refused.code

        assert push("0" * 32) == 403
        assert "推送来的一条" not in events(first)
        assert push(hashlib.md5((param + SALT).encode()).hexdigest().upper()) == 200
        assert "推送来的一条" in events(first)
        simulator.moods(down=True)
        second = ship("78123456789013")
        until(lambda: not check()["ok"])
        assert events(second) == []
        simulator.moods()
        until(lambda: events(second))
        until(lambda: check()["ok"])
