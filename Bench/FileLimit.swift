import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The number of files a process may have open: thousands of sockets need more than the usual 1,024.
enum FileLimit {
    /// Raises the soft limit to the hard one; returns what it is now.
    @discardableResult
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = min(limit.rlim_max, 1_048_576)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(limit.rlim_cur)
    }
}

/// What the kernel says of a process (Linux).
enum ProcessFigures {
    /// Resident memory in bytes.
    static func resident(pid: Int) -> Int? {
        guard let pages = words("/proc/\(pid)/statm").dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The load averages of 1, 5 and 15 minutes, and the machine's processor.
    static var load: String { words("/proc/loadavg").prefix(3).joined(separator: " ") }

    private static func words(_ path: String) -> [String] {
        (try? String(contentsOfFile: path, encoding: .utf8))?
            .split(whereSeparator: \.isWhitespace).map(String.init) ?? []
    }
}
