"""Words of which the many requests are made; one word in each is rare, so that a search finds about 200 in 100,000."""

import random
from typing import NamedTuple

THINGS = (
    "La impresora", "El lector", "La báscula", "La carretilla", "El portátil", "La pantalla", "El teléfono", "La puerta",
    "La cinta", "El muelle", "La etiqueta", "El albarán", "La ruta", "El palé", "La tarjeta", "La factura", "El contenedor",
    "La plataforma", "El uniforme", "La sala",
)  # fmt: skip
TROUBLES = (
    "no responde", "se ha roto", "hace ruido", "sale en blanco", "falta desde ayer", "tarda demasiado", "no aparece",
    "está duplicado", "necesita una revisión", "hay que cambiarlo", "da un error", "se ha perdido",
)  # fmt: skip
PLACES = ("nave", "pasillo", "muelle", "oficina", "almacén", "puesto", "planta", "patio")
DETAILS = (
    "Pasa desde primera hora y cada vez más a menudo. Hemos probado a reiniciar y sigue igual.",
    "Lo necesitamos antes del viernes porque llega la campaña y no podemos parar la línea.",
    "Ayer funcionaba. Nadie ha tocado nada, que sepamos. El cliente ya ha preguntado dos veces.",
    "No corre prisa, pero conviene dejarlo arreglado este mes. Adjuntamos lo que sabemos.",
)
ANSWERS = (
    "Lo miramos esta tarde y te decimos algo.",
    "Hemos pedido la pieza; llega en dos días.",
    "¿Puedes comprobar si pasa también con otro equipo?",
    "Mañana pasamos por allí a primera hora.",
)
REPLIES = ("De acuerdo, gracias.", "Sí, también pasa con el otro.", "Estaremos hasta las seis.", "Ya os han abierto la puerta.")
ENDS = ("Hecho y comprobado.", "Cambiado por uno nuevo.", "Corregido; avisad si vuelve a pasar.", "Resuelto con el proveedor.")
FIRST = (
    "Ane", "Aitor", "Alba", "Andreu", "Antía", "Asier", "Berta", "Carme", "Daniel", "Edurne", "Elena", "Enric", "Fátima",
    "Gorka", "Helena", "Ignacio", "Jone", "Julia", "Koldo", "Laura", "Lluís", "Manuel", "Marta", "Martiño", "Naia", "Núria",
    "Olalla", "Pablo", "Quim", "Raquel", "Roi", "Sergi", "Tania", "Unai", "Vera", "Xurxo",
)  # fmt: skip
LAST = (
    "Abad", "Agirre", "Alonso", "Barreiro", "Bosch", "Cabrera", "Castells", "Domínguez", "Elizalde", "Etxebarria", "Fernández",
    "Ferrer", "Gallego", "Goñi", "Herrera", "Ibáñez", "Lago", "Llorente", "Mas", "Mendieta", "Montero", "Navarro", "Olano",
    "Pazos", "Prats", "Quiroga", "Ramos", "Roca", "Sala", "Santos", "Seoane", "Soler", "Torres", "Ugalde", "Vidal", "Zubiri",
)  # fmt: skip
TOWNS = (
    "Sevilla", "Málaga", "Valencia", "Murcia", "Alicante", "Valladolid", "León", "Burgos", "Gijón", "Oviedo", "Santander",
    "Logroño", "Pamplona", "Vitoria", "Donostia", "Huesca", "Lleida", "Girona", "Tarragona", "Castelló", "Albacete", "Toledo",
    "Cáceres", "Badajoz", "Huelva", "Cádiz", "Córdoba", "Granada", "Almería", "Jaén", "Salamanca", "Ourense", "Lugo",
)  # fmt: skip
RARE = 500


class Words(NamedTuple):
    """What one request says."""

    title: str
    details: str
    answer: str
    reply: str
    end: str


def words(chance: random.Random) -> Words:
    """Draw the words of one request."""
    place = f"{chance.choice(PLACES)} {chance.randint(1, 60)}"
    title = f"{chance.choice(THINGS)} de {place} {chance.choice(TROUBLES)}"
    details = f"{chance.choice(DETAILS)} Aviso E{chance.randint(1, RARE):03}."
    return Words(title, details, chance.choice(ANSWERS), chance.choice(REPLIES), chance.choice(ENDS))


def name(chance: random.Random) -> str:
    """Draw a name."""
    return f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}"
