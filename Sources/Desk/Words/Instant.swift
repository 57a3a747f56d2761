/// A point in time, in milliseconds since 1970 UTC.
///
/// Days and half-hours are derived from it in the shop's zone.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    package static func + (at: Self, span: Span) -> Self {
        Self(milliseconds: at.milliseconds + span.milliseconds)
    }

    package static func - (at: Self, span: Span) -> Self {
        Self(milliseconds: at.milliseconds - span.milliseconds)
    }

    package static func - (later: Self, earlier: Self) -> Span {
        Span(milliseconds: later.milliseconds - earlier.milliseconds)
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

/// A length of time in milliseconds.
package struct Span: Hashable, Comparable, Sendable, Codable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func seconds(_ n: Int) -> Self { Self(milliseconds: Int64(n) * 1000) }
    package static func minutes(_ n: Int) -> Self { .seconds(n * 60) }
    package static func hours(_ n: Int) -> Self { .minutes(n * 60) }
    package static func days(_ n: Int) -> Self { .hours(n * 24) }

    /// Whole seconds, rounded down.
    package var seconds: Int { Int(milliseconds / 1000) }

    package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
