internal import Basics

/// Reads the PEM blocks of a text in any of the `PEMForm`s. Pure, and linear in the size of the text.
package enum PEMReader {
    /// Base64 of base64 occurs: people encode a value for a Kubernetes Secret that is encoded once more.
    static let maximumLayers = 3

    /// - Parameter raw: the caller limits its size.
    package static func read(_ raw: UnsafeRawBufferPointer) throws(PEMProblem) -> PEMContent {
        try read(raw, layer: 0)
    }

    private static func read(_ raw: UnsafeRawBufferPointer, layer: Int) throws(PEMProblem) -> PEMContent {
        if let kind = DERKind(raw) { throw .foreign(.der(kind, isBase64: layer > 0)) }
        let text = PEMText(raw)
        if let position = text.bytes.firstIndex(of: 0) { throw .malformed("a NUL byte at offset \(position)") }
        if let form = ForeignForm(before: text.bytes) { throw .foreign(form) }
        var blocks = PEMBlocks()
        try text.bytes.withUnsafeBufferPointer { bytes throws(PEMProblem) in try blocks.read(bytes) }
        guard blocks.content.blocks.isEmpty else {
            blocks.content.forms.formUnion(text.forms)
            return blocks.content
        }
        if let form = ForeignForm(instead: text.bytes) { throw .foreign(form) }
        guard layer < maximumLayers, text.bytes.count >= 24,
            let encoded = try? Base64Text(text.bytes[...], isRepeatable: true)
        else { throw .noBlock }
        let forms = encoded.forms.union(text.forms)
        var decoded = encoded.take()
        defer { decoded.overwrite() }
        var content = try decoded.withUnsafeBufferPointer { bytes throws(PEMProblem) in
            try read(UnsafeRawBufferPointer(bytes), layer: layer + 1)
        }
        content.forms.formUnion(forms)
        content.forms.insert(.base64)
        return content
    }
}
