### Was an einem Formular nicht stimmt. $max und $length sind Zahlen, $size ist eine Dateigröße, $file ein Dateiname.

problem-summary = Es wurde noch nichts gespeichert. Bitte prüfen Sie die markierten Felder.

## Zu jedem Feld.
problem-empty = Bitte füllen Sie dieses Feld aus.
problem-too-long = Der Text ist zu lang: { $length_text } Zeichen, erlaubt sind höchstens { $max_text }.
problem-control = Der Text enthält ein Steuerzeichen, das nicht gespeichert werden kann. Bitte geben Sie ihn von Hand ein.
problem-unknown = Diese Auswahl gibt es nicht oder nicht mehr. Bitte wählen Sie erneut.
problem-taken = Das gibt es schon.

## Zu bestimmten Feldern.
problem-stars = Bitte wählen Sie 1 bis 5 Sterne.
problem-category-empty = Bitte wählen Sie eine Kategorie.
problem-category-unknown = Diese Kategorie gibt es nicht mehr. Bitte wählen Sie eine andere.
problem-group-unknown = Diese Gruppe gibt es nicht mehr. Bitte wählen Sie eine andere.
problem-user-empty = Bitte wählen Sie eine Person.
problem-user-unknown = Diese Person gehört nicht oder nicht mehr zur Gruppe der Supporter. Bitte wählen Sie eine andere.
problem-user-taken = Diese Person ist bereits Supporter.
problem-image-limit = Bitte geben Sie eine ganze Zahl größer als 0 ein, oder lassen Sie das Feld leer.

## Zu Anhängen.
problem-file-empty = Die Datei „{ $file }“ ist leer.
problem-too-many =
    { $max ->
        [one] Es ist höchstens ein Anhang erlaubt.
       *[other] Es sind höchstens { $max_text } Anhänge erlaubt.
    }
problem-too-large = Die Datei „{ $file }“ ist zu groß. Erlaubt sind höchstens { $size }.
problem-expired = Die Datei „{ $file }“ wurde vor zu langer Zeit hochgeladen. Bitte fügen Sie sie erneut hinzu.
