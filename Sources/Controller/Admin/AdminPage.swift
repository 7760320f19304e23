/// A response of the admin server.
struct AdminPage: Equatable {
    let status: String
    let type: String
    let body: String
    /// True for a HEAD request (RFC 9110 §9.3.2).
    var isHeadOnly = false

    init(status: String = "200 OK", _ body: String, type: String = "text/plain; charset=utf-8") {
        self.status = status
        self.type = type
        self.body = body
    }
}
