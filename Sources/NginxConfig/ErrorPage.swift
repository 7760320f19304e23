internal import Mustache

/// The page for one status: `error_page.html`, static except for the request ID, in pieces that each fit an argument of
/// nginx. Rendered once, when the templates are loaded.
struct ErrorPage: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case text(String)
        case requestId
    }

    let status: ErrorStatus
    let pieces: [[Segment]]

    /// In bytes. Each worker has one page for each status in memory.
    static let maximumSize = 65536
    /// In escaped bytes. An argument of nginx, with the name of the request ID's variable, fits a buffer of 4,096 bytes
    /// (NGX_CONF_BUFFER).
    private static let pieceSize = 3800

    /// - Parameter html: with `requestIdMark` in place of the request ID.
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

    /// The placeholder of the request ID, which is known at request time only; no template may contain it.
    static let requestIdMark: Unicode.Scalar = "\0"

    /// The variables of the page's template.
    static func context(_ status: ErrorStatus) -> TemplateContext {
        TemplateContext([
            .status: .value(status), .reason: .value(ReasonPhrase(status: status)),
            .isNotFound: .flag(status == .notFound), .requestId: .value(RequestIdMark()),
        ])
    }

    /// The variables of error_pages.conf.
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

/// The errors that have a page.
enum ErrorStatus: Int, CaseIterable, ConfigurationValue {
    case notFound = 404
    case badGateway = 502
    case unavailable = 503
    case gatewayTimeout = 504
    case loopDetected = 508

    var configurationText: String { String(rawValue) }
}

/// RFC 9110 §15; RFC 5842 §7.2 for 508.
struct ReasonPhrase: ConfigurationValue {
    let status: ErrorStatus

    var configurationText: String {
        switch status {
        case .notFound: "Not Found"
        case .badGateway: "Bad Gateway"
        case .unavailable: "Service Unavailable"
        case .gatewayTimeout: "Gateway Timeout"
        case .loopDetected: "Loop Detected"
        }
    }
}

private struct RequestIdMark: ConfigurationValue {
    var configurationText: String { String(Character(ErrorPage.requestIdMark)) }
}

/// The text of the operator's page, with any characters.
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
