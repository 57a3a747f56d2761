import Metrics
import Testing

@testable import Web

struct FiguresTests {
    @Test func `counters, gauges and histograms are told in Prometheus' format`() {
        let figures = Figures()
        Counter(label: "qinke.sent", dimensions: [("kind", "a\"b")], factory: figures).increment(
            by: 3)
        Meter(label: "qinke_sockets", factory: figures).set(7)
        let timer = Timer(
            label: "qinke_wait", dimensions: [], preferredDisplayUnit: .seconds, factory: figures)
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(60_000_000_000)
        let text = figures.text()
        #expect(
            text.contains("# TYPE qinke_sent_total counter\nqinke_sent_total{kind=\"a\\\"b\"} 3\n"))
        #expect(text.contains("qinke_sockets 7\n"))
        #expect(text.contains("qinke_wait_seconds_bucket{le=\"0.0025\"} 0\n"))
        #expect(text.contains("qinke_wait_seconds_bucket{le=\"0.005\"} 1\n"))
        #expect(text.contains("qinke_wait_seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(text.contains("qinke_wait_seconds_count 2\n"))
    }

    @Test func `labels cannot fill the memory`() {
        let figures = Figures()
        for number in 0..<5_000 {
            Counter(label: "flood", dimensions: [("n", "\(number)")], factory: figures).increment()
        }
        let lines = figures.text().split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("flood_total{") }.count == 4_000)
        #expect(lines.contains("qinke_metrics_dropped_series 1000"))
    }
}
