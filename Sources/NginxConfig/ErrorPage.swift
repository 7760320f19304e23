internal import Mustache

/// The page for one status, as `error_page.html` makes it: static but for the request's identity, and cut into pieces
/// that each fit an argument of nginx's. Rendered once, when the templates are loaded.
struct ErrorPage: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case text(String)
        case requestId
    }

    let status: ErrorStatus
    let pieces: [[Segment]]

    /// Bytes. Each worker has it in memory, once for each status.
    static let maximumSize = 65536
    /// Bytes of a piece as it is written. nginx takes no argument that does not fit its buffer of 4,096
    /// (NGX_CONF_BUFFER), the name of the request's variable included.
    private static let pieceSize = 3800

    /// - Parameter html: with `requestIdMark` where the request's identity belongs.
    init(status: ErrorStatus, html: String) {
        self.status = status
        var pieces: [[Segment]] = []
        var piece: [Segment] = []
        var text = String.UnicodeScalarView()
        var size = 0
        func endText() {
            if !text.isEmpty { piece.append(.text(String(text))) }
            text = String.UnicodeScalarView()
        }
        for scalar in html.unicodeScalars {
            let isMark = scalar == Self.requestIdMark
            let cost = isMark ? 20 : NginxContentType(argument: .interpolated).escapeText(String(scalar)).utf8.count
            if size + cost > Self.pieceSize {
                endText()
                pieces.append(piece)
                piece = []
                size = 0
            }
            size += cost
            if isMark {
                endText()
                piece.append(.requestId)
            } else {
                text.append(scalar)
            }
        }
        endText()
        self.pieces = pieces + [piece]
    }

    /// Stands in the page for what is known only when somebody asks; no template may hold it.
    static let requestIdMark: Unicode.Scalar = "\0"

    /// What the template of the page sees.
    static func context(_ status: ErrorStatus) -> TemplateContext {
        TemplateContext([
            .status: .value(status), .reason: .value(ReasonPhrase(status: status)),
            .isNotFound: .flag(status == .notFound), .requestId: .value(RequestIdMark()),
        ])
    }

    /// What the template of nginx's configuration sees.
    var context: TemplateContext {
        TemplateContext([
            .status: .value(status), .reason: .value(ReasonPhrase(status: status)),
            .pieces: .list(
                pieces.enumerated().map { number, piece in
                    TemplateContext([
                        .number: .value(Count(number: number)), .segments: .list(piece.map(\.context)),
                    ])
                }),
        ])
    }
}

/// The errors that have a page of ours.
enum ErrorStatus: Int, CaseIterable, ConfigurationValue {
    case notFound = 404
    case badGateway = 502
    case unavailable = 503
    case gatewayTimeout = 504

    var configurationText: String { String(rawValue) }
}

/// RFC 9110 §15.
struct ReasonPhrase: ConfigurationValue {
    let status: ErrorStatus

    var configurationText: String {
        switch status {
        case .notFound: "Not Found"
        case .badGateway: "Bad Gateway"
        case .unavailable: "Service Unavailable"
        case .gatewayTimeout: "Gateway Timeout"
        }
    }
}

private struct RequestIdMark: ConfigurationValue {
    var configurationText: String { String(Character(ErrorPage.requestIdMark)) }
}

/// The operator's own text, free in its characters.
private struct PageText: ConfigurationValue {
    let configurationText: String
}

extension ErrorPage.Segment {
    fileprivate var context: TemplateContext {
        switch self {
        case .text(let text):
            TemplateContext([.text: .value(PageText(configurationText: text)), .isRequestId: .flag(false)])
        case .requestId: TemplateContext([.isRequestId: .flag(true)])
        }
    }
}
