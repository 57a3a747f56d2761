/// What each figure means, for whoever reads `/metrics`.
enum FigureHelp {
    static let texts: [String: String] = [
        "process_resident_memory_bytes": "Memory of the process that is in the machine",
        "qinke_backup_age_seconds": "Time since the last good automatic backup",
        "qinke_command_seconds": "Time from a command of a socket to its answer, by command",
        "qinke_commands_refused_total": "Commands that were refused, by code",
        "qinke_continuous_age_seconds": "Time since transactions were last copied continuously",
        "qinke_data_bytes": "Size of the data, with its write-ahead log where it is a file",
        "qinke_disk_free_bytes": "Free space of the disk that holds the uploads",
        "qinke_follower_behind": "Events that a follower has not read yet",
        "qinke_http_request_seconds":
            "Time of an HTTP request, by route pattern, method and status",
        "qinke_live_sessions": "Windows that get events now",
        "qinke_metrics_dropped_series": "Series that were not kept because there are too many",
        "qinke_sockets": "WebSockets that are open",
        "qinke_store_commit_p95_seconds":
            "Time that 95 of 100 of the last grouped commits took at most",
        "qinke_store_committed": "Transactions committed since the start",
        "qinke_store_groups": "Grouped commits since the start",
        "qinke_store_waiting": "Transactions that wait to be written",
        "qinke_wal_bytes": "Size of the write-ahead log",
        "qinke_workers_stalled": "Workers in the background that stand still",
    ]

    /// A figure without a text of its own is told by its name.
    static func text(of name: String) -> String {
        texts[name] ?? name.replacing("_", with: " ")
    }
}
