/// Writing YAML.
enum YAMLText {
    /// A text as a scalar that any YAML reader takes back as it is: bare when it is a plain word, else quoted.
    static func scalar(_ text: String) -> String {
        let isWord = text.wholeMatch(of: /[A-Za-z\/]+[A-Za-z0-9_.\/-]*|\.[A-Za-z]+\/[A-Za-z0-9_.\/-]*/) != nil
        return isWord && YAMLScalar.flag(text) == nil && !YAMLScalar.isNull(text) ? text : quoted(text)
    }

    /// A text as a double-quoted scalar on one line.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
