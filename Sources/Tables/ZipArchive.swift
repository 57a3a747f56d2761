/// The files inside a zip file, as office programs write them.
///
/// Bounds against bombs: what unpacks to more than it may, in size or in proportion, is refused while it is unpacked.
struct ZipArchive {
    enum Problem: Error {
        case notZip
        case broken
        /// Encrypted, or packed in a way that office programs do not use.
        case unsupported
        case tooLarge
    }

    struct Entry {
        let name: String
        fileprivate let method: UInt16
        fileprivate let packed: Int
        fileprivate let header: Int
    }

    private static let piece = 64 << 10
    private static let mostEntries = 10_000
    /// How many times its packed size a file may have; sheets of equal rows reach some hundreds.
    private static let mostGrowth = 1_000

    let entries: [String: Entry]
    private let source: any ByteSource

    init(_ source: any ByteSource) throws {
        self.source = source
        // The end record stands before a comment of at most 64 KiB.
        let tailSize = min(source.size, (64 << 10) + 22)
        let tail = try source.whole(at: source.size - tailSize, count: tailSize)
        guard tail.count >= 22,
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
                tail[$0] == 0x50 && tail[$0 + 1] == 0x4b && tail[$0 + 2] == 5 && tail[$0 + 3] == 6
            })
        else { throw Problem.notZip }
        let count = Int(tail.number16(end + 10))
        let size = Int(tail.number32(end + 12))
        let place = Int(tail.number32(end + 16))
        guard count <= Self.mostEntries, size <= 8 << 20, place + size <= source.size else {
            throw Problem.unsupported
        }
        entries = try Self.entries(source.whole(at: place, count: size), count)
    }

    private static func entries(_ list: [UInt8], _ count: Int) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        var at = 0
        for _ in 0..<count {
            guard at + 46 <= list.count, list.number32(at) == 0x0201_4b50 else {
                throw Problem.broken
            }
            let flags = list.number16(at + 8)
            let name = Int(list.number16(at + 28))
            let more = Int(list.number16(at + 30)) + Int(list.number16(at + 32))
            guard at + 46 + name <= list.count else { throw Problem.broken }
            guard flags & 1 == 0 else { throw Problem.unsupported }
            let text = String(decoding: list[(at + 46)..<(at + 46 + name)], as: UTF8.self)
            entries[text] = Entry(
                name: text, method: list.number16(at + 10), packed: Int(list.number32(at + 20)),
                header: Int(list.number32(at + 42)))
            at += 46 + name + more
        }
        return entries
    }

    /// Unpacks a file and tells its bytes in pieces.
    /// - Parameters:
    ///   - most: bytes that may come out.
    ///   - tell: false to stop.
    func read(_ entry: Entry, most: Int, _ tell: ([UInt8]) throws -> Bool) throws {
        let head = try source.whole(at: entry.header, count: 30)
        guard head.count == 30, head.number32(0) == 0x0403_4b50 else { throw Problem.broken }
        var at = entry.header + 30 + Int(head.number16(26)) + Int(head.number16(28))
        let end = at + entry.packed
        guard end <= source.size else { throw Problem.broken }
        guard entry.method == 0 || entry.method == 8 else { throw Problem.unsupported }
        let inflate = Inflate()
        var taken = 0
        var made = 0
        var goesOn = true
        func count(_ bytes: [UInt8]) throws -> Bool {
            made += bytes.count
            guard made <= most, made <= (taken + 1024) * Self.mostGrowth else {
                throw Problem.tooLarge
            }
            goesOn = try tell(bytes)
            return goesOn
        }
        while at < end, goesOn {
            let packed = try source.read(at: at, count: min(Self.piece, end - at))
            if packed.isEmpty { throw Problem.broken }
            at += packed.count
            taken += packed.count
            if entry.method == 0 {
                _ = try count(packed)
            } else {
                try inflate.take(packed, count)
            }
        }
    }

    /// A small file as a whole.
    func whole(_ name: String, most: Int) throws -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        var all: [UInt8] = []
        try read(entry, most: most) {
            all += $0
            return true
        }
        return all
    }
}

extension [UInt8] {
    /// Little-endian numbers; 0 beyond the end.
    func number16(_ at: Int) -> UInt16 {
        guard at >= 0, at + 2 <= count else { return 0 }
        return UInt16(self[at]) | UInt16(self[at + 1]) << 8
    }

    func number32(_ at: Int) -> UInt32 {
        UInt32(number16(at)) | UInt32(number16(at + 2)) << 16
    }

    mutating func add(_ number: UInt16) {
        append(UInt8(truncatingIfNeeded: number))
        append(UInt8(truncatingIfNeeded: number >> 8))
    }

    mutating func add(_ number: UInt32) {
        add(UInt16(truncatingIfNeeded: number))
        add(UInt16(truncatingIfNeeded: number >> 16))
    }
}
