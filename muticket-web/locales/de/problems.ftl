### Fehler in Formularen. $max und $length sind Zahlen, $size ist eine Dateigröße, $file ein Dateiname.

problem-summary = Noch nicht gespeichert. Bitte prüfen Sie die markierten Felder.

## Zu jedem Feld.
problem-empty = Bitte füllen Sie dieses Feld aus.
problem-too-long = Der Text ist zu lang ({ $length_text } Zeichen). Erlaubt sind höchstens { $max_text }.
problem-unknown = Diese Auswahl ist nicht verfügbar. Bitte wählen Sie noch einmal.
problem-taken = Das gibt es bereits.
problem-other = Das kann nicht angenommen werden. Bitte ändern Sie es.

## Zu bestimmten Feldern.
problem-stars = Bitte wählen Sie 1 bis 5 Sterne.
problem-category-empty = Bitte wählen Sie eine Kategorie.
problem-category-unknown = Diese Kategorie gibt es nicht mehr. Bitte wählen Sie eine andere.
problem-priority-unknown = Diese Priorität gibt es nicht. Bitte wählen Sie eine andere.
problem-label-unknown = Ein gewähltes Label wurde inzwischen entfernt. Bitte prüfen Sie die Labels.
problem-label-too-many = Ein Ticket kann bis zu { $max_text } Labels haben.
problem-label-name-taken = Es gibt schon ein Label, dessen Name gleich aussieht.
problem-assignee-unknown = Diese Person ist kein Supporter mehr. Bitte wählen Sie jemand anderen.
problem-saved-empty = Bitte wählen Sie einen Textbaustein.
problem-saved-unknown = Diesen Textbaustein gibt es nicht mehr. Bitte wählen Sie einen anderen.
problem-saved-too-many = Es gibt zu viele Textbausteine. Bitte löschen Sie zuerst einen.
problem-view-name-taken = Es gibt schon eine Ansicht, deren Name gleich aussieht.
problem-view-too-many = Es gibt zu viele Ansichten. Bitte löschen Sie zuerst eine.
problem-view-filter = Diese Liste lässt sich nicht speichern, weil ein Filter unlesbar ist. Bitte entfernen Sie diesen Filter.
problem-placeholder = „{ $file }“ ist kein Platzhalter. Bitte wählen Sie einen aus der Liste, oder ändern Sie die doppelten Klammern.
problem-gap = Im Text ist noch eine Lücke: doppelte eckige Klammern mit einem Fragezeichen. Bitte füllen Sie sie aus.
problem-mention-unknown = Eine erwähnte Person ist kein Supporter mehr. Bitte wählen Sie neu.
problem-group-unknown = Diese Gruppe gibt es nicht mehr. Bitte wählen Sie eine andere.
problem-user-empty = Bitte wählen Sie eine Person.
problem-user-unknown = Diese Person ist nicht in der Gruppe der Supporter. Bitte wählen Sie eine andere.
problem-user-taken = Diese Person ist bereits Supporter.
problem-image-limit = Bitte geben Sie eine ganze Zahl ab 1 ein, oder lassen Sie das Feld leer.
problem-image-limit-high = Keine Datei darf größer als { $size } sein. Eine höhere Grenze für Bilder hat keine Wirkung.

## Zu Anhängen.
problem-file-empty = Die Datei „{ $file }“ ist leer.
problem-tickets-empty = Wählen Sie mindestens ein Ticket aus.
problem-tickets-too-many = Höchstens { $max_text } Tickets auf einmal.
problem-too-many =
    { $max ->
        [one] Höchstens ein Anhang ist erlaubt.
       *[other] Höchstens { $max_text } Anhänge sind erlaubt.
    }
problem-too-large = Die Datei „{ $file }“ ist zu groß (höchstens { $size }).
problem-expired = Die Datei „{ $file }“ ist abgelaufen. Bitte fügen Sie sie noch einmal hinzu.
problem-not-sent = Die Datei „{ $file }“ ist nicht angekommen. Bitte fügen Sie sie noch einmal hinzu.
