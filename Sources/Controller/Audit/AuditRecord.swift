public import Nginx

public import struct Foundation.Date

/// One line of the audit log: an attempt to change what nginx serves (design §7).
public struct AuditRecord: Sendable, Equatable {
    /// Lists are cut to this many elements; their whole length stands beside them.
    public static let longestList = 100

    /// How long each step took.
    public struct Times: Sendable, Equatable {
        public var route: Duration
        public var render: Duration
        public var test: Duration
        public var reload: Duration
        public var total: Duration

        public init(route: Duration, render: Duration, test: Duration, reload: Duration, total: Duration) {
            self.route = route
            self.render = render
            self.test = test
            self.reload = reload
            self.total = total
        }
    }

    public var time: Date
    public var pod: String
    /// Nil when no folder could be written.
    public var generation: Int?
    public var result: ReloadAttempt.Result
    public var causes: [Cause]
    public var hosts: HostChanges
    public var certificates: [CertificateChange]
    public var times: Times
    /// Of the table that was attempted.
    public var hostCount: Int

    public init(
        time: Date, pod: String, generation: Int?, result: ReloadAttempt.Result, causes: [Cause],
        hosts: HostChanges, certificates: [CertificateChange], times: Times, hostCount: Int
    ) {
        self.time = time
        self.pod = pod
        self.generation = generation
        self.result = result
        self.causes = causes
        self.hosts = hosts
        self.certificates = certificates
        self.times = times
        self.hostCount = hostCount
    }
}

extension ReloadAttempt.Result {
    /// As the audit log and the metrics write it.
    public var name: String {
        switch self {
        case .applied: "applied"
        case .rejected: "rejected"
        case .failed: "failed"
        }
    }

    public var error: String? {
        switch self {
        case .applied: nil
        case .rejected(let error), .failed(let error): error
        }
    }
}
