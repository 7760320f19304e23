/// apimachinery's IntOrString. A string is a name even if it consists of digits.
struct IntOrString: Decodable {
    var int: Int?
    var string: String?

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            int = number
        } else {
            string = try value.decode(String.self)
        }
    }
}
