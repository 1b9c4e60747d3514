# usage: qt.py FILE: a Qt window with a line to edit; what is entered there is appended to FILE.
import sys

from PyQt5.QtWidgets import QApplication, QLineEdit


def entered():
    with open(sys.argv[1], "a") as file:
        file.write(line.text() + "\n")


app = QApplication(sys.argv)
line = QLineEdit()
line.setWindowTitle("Qt 5")
line.returnPressed.connect(entered)
line.show()
app.exec()
