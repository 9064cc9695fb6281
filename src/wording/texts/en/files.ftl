# Why a file is not taken. $name is the file, $n a number of megabytes or megapixels.
file-empty = The file “{ $name }” is empty: please choose another one.
file-too-large = The file “{ $name }” is too large: the limit is { $n } MB.
file-kind = The file “{ $name }” is not of a type we can accept. You can send photos (JPEG, PNG, WebP), PDFs, plain text, Word, Excel and OpenDocument documents, and signed files (p7m).
file-heic = The photo “{ $name }” is in HEIC format, which we cannot read. On an iPhone open Settings, Camera, Formats, choose “Most Compatible” and take the photo again; or send a screenshot of it.
file-macros = The document “{ $name }” contains macros, which we do not accept for security reasons. Please save it as a PDF and attach that.
file-damaged = The photo “{ $name }” is damaged and cannot be opened: please take it again or choose another one.
file-too-many-pixels = The photo “{ $name }” is too large: the limit is { $n } megapixels. Please make it smaller or send a screenshot of it.
file-infected = The virus scanner found a threat in the file “{ $name }”: we have not kept it. Please check your device and attach another file.
